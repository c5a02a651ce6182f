using System.Security.Cryptography;
using SynthStudio.Evidence.Sealing;

namespace SynthStudio.Evidence.Tests;

/// <summary>The key behind every signature: what it signs it knows again, and what is no such key is said to be none.</summary>
[TestClass]
public sealed class P256KeyTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, P256Key.SecretBytes).Select(i => (byte)i)];

    [TestMethod]
    public void Its_public_half_knows_its_signatures_and_no_others()
    {
        using var key = P256Key.Of(Secret);
        using var other = P256Key.Of([.. Secret.Reverse()]);
        var signature = key.Sign("text"u8);
        Assert.HasCount(P256Key.SignatureBytes, signature);
        foreach (var text in new[] { key.Pem, $"  {key.Pem}\n", Convert.ToBase64String(key.SubjectPublicKeyInfo) })
        {
            using var half = P256Key.Public(text, "tests");
            Assert.AreEqual((key.Pem, key.Fingerprint), (half.Pem, half.Fingerprint));
            Assert.IsTrue(half.Verify("text"u8, signature));
            Assert.IsFalse(half.Verify("texts"u8, signature));
            Assert.IsFalse(half.Verify("text"u8, other.Sign("text"u8)));
        }
    }

    /// <summary>The key of RFC 6979, A.2.5.</summary>
    [TestMethod]
    public void Its_public_half_is_the_published_one()
    {
        using var key = P256Key.Of(Convert.FromHexString("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"));
        var point = "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6" + "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299";
        Assert.EndsWith(point, Convert.ToHexString(key.SubjectPublicKeyInfo));
    }

    [TestMethod]
    public void A_damaged_key_is_another_or_none()
    {
        using var key = P256Key.Of(Secret);
        var refused = 0;
        for (var at = 0; at < key.SubjectPublicKeyInfo.Length; at++)
        {
            foreach (var change in (byte[])[1, 0x20, 0x80])
            {
                byte[] damaged = [.. key.SubjectPublicKeyInfo];
                damaged[at] ^= change;
                try
                {
                    using var found = P256Key.Public(PemEncoding.WriteString("PUBLIC KEY", damaged), "tests");
                    Assert.AreNotEqual(key.Fingerprint, found.Fingerprint, $"byte {at}");
                }
                catch (FormatException)
                {
                    refused++; // Anything else fails the test.
                }
            }
        }

        Assert.IsGreaterThan(key.SubjectPublicKeyInfo.Length, refused, "Points that are on no curve, and structures that are none.");
    }

    [TestMethod]
    [DataRow("nistP384")]
    [DataRow("nistP521")]
    [DataRow("secp256k1")]
    [DataRow("brainpoolP256r1")]
    public void A_key_of_another_curve_is_refused(string curve)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        RefusesText(key.ExportSubjectPublicKeyInfoPem());
        Assert.ThrowsExactly<FormatException>(() => P256Key.Public(key.ExportSubjectPublicKeyInfo()));
    }

    [TestMethod]
    public void What_is_no_public_key_is_refused()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        RefusesText(rsa.ExportSubjectPublicKeyInfoPem());
        RefusesText(ec.ExportPkcs8PrivateKeyPem());
        RefusesText(ec.ExportECPrivateKeyPem());
        RefusesText(ec.ExportSubjectPublicKeyInfoPem()[..^30]);
        RefusesText(PemEncoding.WriteString("PUBLIC KEY", [.. ec.ExportSubjectPublicKeyInfo(), 0]));
        RefusesText(PemEncoding.WriteString("PUBLIC KEY", Hybrid(ec.ExportSubjectPublicKeyInfo())));
        using var spelled = ECDsa.Create(ec.ExportExplicitParameters(false));
        RefusesText(spelled.ExportSubjectPublicKeyInfoPem()); // The curve by its numbers, not by its name.
        RefusesText("no key");
        RefusesText("-----");
        RefusesText("");
    }

    /// <summary>The same key with its point in another form (X9.62), which some read.</summary>
    private static byte[] Hybrid(byte[] key)
    {
        var form = key.Length - 65;
        Assert.AreEqual(4, key[form]);
        key[form] = (byte)(6 + (key[^1] & 1));
        return key;
    }

    private static void RefusesText(string text) =>
        Assert.Contains("no public key of tests", Assert.ThrowsExactly<FormatException>(() => P256Key.Public(text, "tests")).Message);
}
