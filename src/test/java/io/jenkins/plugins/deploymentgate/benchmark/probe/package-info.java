/** What a measured controller needs inside; it goes into a plugin of its own, and nothing of it is in the product. */
package io.jenkins.plugins.deploymentgate.benchmark.probe;
