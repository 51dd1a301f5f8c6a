package io.jenkins.plugins.deploymentgate.config;

import com.thoughtworks.xstream.XStream;
import com.thoughtworks.xstream.converters.collections.CollectionConverter;
import com.thoughtworks.xstream.converters.reflection.ReflectionConverter;
import hudson.util.XStream2;
import java.util.ArrayList;

/**
 * Jenkins' XML for the configuration of this plugin, except that unknown elements are an error. Jenkins usually drops
 * them, which could drop an approver or a whole protected environment.
 */
final class StrictXml {

    static final XStream2 XSTREAM = create();

    private StrictXml() {}

    private static XStream2 create() {
        XStream2 xstream = new XStream2();
        xstream.alias("protected-environments", EnvironmentsFile.Document.class);
        xstream.registerConverter(
                new CollectionConverter(xstream.getMapper(), ArrayList.class), XStream.PRIORITY_VERY_HIGH);
        xstream.registerConverter(
                new ReflectionConverter(xstream.getMapper(), xstream.getReflectionProvider()) {
                    @Override
                    public boolean canConvert(@SuppressWarnings("rawtypes") Class type) {
                        return type != null && StrictXml.class.getPackage().equals(type.getPackage());
                    }
                },
                XStream.PRIORITY_VERY_HIGH);
        return xstream;
    }
}
