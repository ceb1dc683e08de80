package infopass.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the PEM files of the public listener before they are used. Stateless; reads files, so not
 * for an event loop. What it says names settings and files, never what is in them.
 */
final class TlsFiles {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]+)-----END \\1PRIVATE KEY-----");

  private TlsFiles() {}

  /** What is wrong, by setting; a file that is not named is not looked for. */
  static Map<String, String> faults(String certificate, String key, String clientCa) {
    Map<String, String> faults = new TreeMap<>();
    List<Certificate> chain = certificates(certificate, "certificate", faults);
    PrivateKey secret = key.isEmpty() ? null : key(key, faults);
    certificates(clientCa, "clientCa", faults);
    if (!chain.isEmpty() && secret != null && !fits(secret, chain.get(0))) {
      faults.put("key", "must be the key of the first certificate");
    }
    return faults;
  }

  private static List<Certificate> certificates(
      String file, String setting, Map<String, String> faults) {
    if (file.isEmpty()) {
      return List.of();
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      List<Certificate> found =
          List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
      if (found.isEmpty()) {
        faults.put(setting, "must hold a certificate");
      }
      return found;
    } catch (IOException e) {
      faults.put(setting, "must be a readable file");
    } catch (GeneralSecurityException e) {
      faults.put(setting, "must be a PEM file of certificates");
    }
    return List.of();
  }

  /** The key; null where there is none, or where it is of a kind that cannot be looked into. */
  private static PrivateKey key(String file, Map<String, String> faults) {
    String text;
    try {
      text = Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      faults.put("key", "must be a readable file");
      return null;
    }
    Matcher pem = KEY.matcher(text);
    if (!pem.find()) {
      faults.put("key", "must be a PEM file of a private key");
      return null;
    }
    String kind = pem.group(1);
    if (!kind.isEmpty()) {
      if (kind.startsWith("ENCRYPTED")) {
        faults.put("key", "must not be encrypted");
      }
      return null;
    }
    byte[] encoded;
    try {
      encoded = Base64.getMimeDecoder().decode(pem.group(2));
    } catch (IllegalArgumentException e) {
      faults.put("key", "must be a PEM file of a private key");
      return null;
    }
    for (String algorithm : List.of("EC", "RSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (GeneralSecurityException otherKind) {
        // The next one then.
      }
    }
    faults.put("key", "must be an RSA or EC private key");
    return null;
  }

  /** Whether what the one signs, the other verifies. */
  private static boolean fits(PrivateKey key, Certificate certificate) {
    String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    byte[] text = "infopass-gateway".getBytes(StandardCharsets.UTF_8);
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(text);
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(certificate);
      verifying.update(text);
      return verifying.verify(signing.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
