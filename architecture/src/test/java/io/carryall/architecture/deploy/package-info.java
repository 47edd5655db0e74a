/**
 * That {@code deploy/} holds together: the manifests are what Kubernetes knows, and name only settings, probes and metrics that the services have.
 *
 * <p>No cluster is asked. The manifests are rendered here by the few features of Kustomize that they use ({@link io.carryall.architecture.deploy.Kustomization}), and by {@code kubectl kustomize} as well where there is one.
 */
package io.carryall.architecture.deploy;
