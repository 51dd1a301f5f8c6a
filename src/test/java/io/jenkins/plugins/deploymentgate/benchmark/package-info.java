/** What the gate costs, beside Jenkins' own {@code input} step. Not part of the build; the profile {@code benchmark} runs it. */
package io.jenkins.plugins.deploymentgate.benchmark;
