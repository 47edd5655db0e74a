package io.carryall.architecture.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.architecture.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class LinksTest {
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)");

    @Test
    void every_link_between_pages_leads_somewhere() {
        List<Path> pages = new ArrayList<>(Checkout.files("docs", ".md"));
        List.of("README.md", "CONTRIBUTING.md", "deploy/README.md", "bench/README.md").stream().map(Checkout::path).filter(Files::isRegularFile).forEach(pages::add);
        List<String> broken = new ArrayList<>();
        for (Path page : pages) {
            String name = Checkout.home().relativize(page).toString();
            Checkout.findAll(LINK, Checkout.text(name)).stream().filter(link -> !Files.exists(page.resolveSibling(link))).forEach(link -> broken.add(name + ": " + link));
        }
        assertThat(broken).isEmpty();
    }
}
