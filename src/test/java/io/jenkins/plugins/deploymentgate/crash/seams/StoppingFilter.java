package io.jenkins.plugins.deploymentgate.crash.seams;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/** Arms the seam that a request names; has the seams before and after the answer to a vote. */
class StoppingFilter implements Filter {

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String seam = ((HttpServletRequest) request).getHeader(Faults.HEADER);
        if (seam == null) {
            chain.doFilter(request, response);
            return;
        }
        Faults.get().arm(seam);
        chain.doFilter(request, new StoppingResponse((HttpServletResponse) response));
        response.flushBuffer();
        Faults.get().reached(Seam.AFTER_ANSWER);
    }

    /** Stops before the first byte of the answer. */
    private static final class StoppingResponse extends HttpServletResponseWrapper {

        StoppingResponse(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void setStatus(int status) {
            Faults.get().reached(Seam.BEFORE_ANSWER);
            super.setStatus(status);
        }

        @Override
        public void sendRedirect(String location) throws IOException {
            Faults.get().reached(Seam.BEFORE_ANSWER);
            super.sendRedirect(location);
        }
    }
}
