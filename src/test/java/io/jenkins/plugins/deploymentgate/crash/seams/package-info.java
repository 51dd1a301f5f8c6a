/**
 * Where a controller under test can be made to stop dead. These classes go into a plugin of their own, which only the
 * controllers of the crash tests have; nothing of it is in the product.
 */
package io.jenkins.plugins.deploymentgate.crash.seams;
