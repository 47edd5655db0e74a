package io.carryall.architecture;

import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What a module's pom says that it needs, profiles included. */
record Pom(List<Dependency> dependencies) {

    record Dependency(String group, String artifact, String scope) {
        boolean ours() {
            return group.equals("io.carryall");
        }

        boolean forTests() {
            return scope.equals("test");
        }
    }

    static Pom of(String module) {
        try {
            Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(Checkout.path(module + "/pom.xml").toFile());
            XPath xpath = XPathFactory.newInstance().newXPath();
            NodeList nodes = (NodeList) xpath.evaluate("//dependencies/dependency[not(ancestor::dependencyManagement) and not(ancestor::plugin)]", pom, XPathConstants.NODESET);
            List<Dependency> dependencies = new ArrayList<>();
            for (int i = 0; i < nodes.getLength(); i++) {
                String scope = xpath.evaluate("scope", nodes.item(i));
                dependencies.add(new Dependency(xpath.evaluate("groupId", nodes.item(i)), xpath.evaluate("artifactId", nodes.item(i)), scope.isEmpty() ? "compile" : scope));
            }
            return new Pom(dependencies);
        } catch (Exception e) {
            throw new IllegalStateException(module + "/pom.xml cannot be read", e);
        }
    }
}
