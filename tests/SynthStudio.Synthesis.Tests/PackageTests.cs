using System.IO.Compression;
using System.Text.Json.Nodes;
using SynthStudio.Synthesis.Packages;

namespace SynthStudio.Synthesis.Tests;

[TestClass]
public sealed class PackageTests
{
    private static ITabularModel model = null!;
    private static byte[] package = null!;

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        model = AutoregressiveTests.Fit(TestTables.Shop(300), steps: 20);
        package = AutoregressiveTests.Save(model).ToArray();
    }

    [ClassCleanup]
    public static void Dispose() => model.Dispose();

    [TestMethod]
    public void A_loaded_model_draws_the_same_rows()
    {
        using var loaded = Synthesizers.Load(new MemoryStream(package), Device.Cpu);
        var request = new SampleRequest { Rows = 2_000, Seed = 3 };
        Assert.AreEqual(
            TestTables.Text(model.Sample(request, CancellationToken.None)), TestTables.Text(loaded.Sample(request, CancellationToken.None)));
        Assert.AreEqual(model.Metrics["best_validation_loss"], loaded.Metrics["best_validation_loss"]);
        CollectionAssert.AreEqual(model.Schema.Columns.ToArray(), loaded.Schema.Columns.ToArray());
    }

    [TestMethod]
    public void Equal_models_are_equal_files() => CollectionAssert.AreEqual(package, AutoregressiveTests.Save(model).ToArray());

    [TestMethod]
    public void The_manifest_says_what_it_is_and_what_it_does_not_promise()
    {
        var manifest = ModelPackage.Open(new MemoryStream(package)).Manifest;
        Assert.AreEqual("autoregressive", manifest.Method);
        Assert.AreEqual(3_000, manifest.Facts.TrainingRows);
        StringAssert.Contains(manifest.Privacy, "No differential privacy");
        CollectionAssert.AreEquivalent(model.Metrics.ToArray(), manifest.Metrics.ToArray());
        Assert.IsTrue(manifest.Metrics["best_validation_loss"] > 0 && manifest.Metrics["steps"] == 20);
        Assert.HasCount(5, manifest.Entries);
    }

    [TestMethod]
    [DataRow("weights.bin")]
    [DataRow("codec.json")]
    [DataRow("network.json")]
    [DataRow("refinement.bin")]
    [DataRow("resamplers.bin")]
    public void A_changed_entry_is_refused(string name) => Refuses(SynthesisError.PackageCorrupt, Rewrite((entry, bytes) =>
    {
        if (entry == name) bytes[bytes.Length / 2] ^= 1;
        return bytes;
    }));

    [TestMethod]
    public void A_missing_or_added_entry_is_refused()
    {
        Refuses(SynthesisError.PackageCorrupt, Rewrite((entry, bytes) => entry == "codec.json" ? null : bytes));
        Refuses(SynthesisError.PackageCorrupt, Rewrite((_, bytes) => bytes, "evil.dll"));
    }

    [TestMethod]
    public void A_newer_format_is_refused_as_such() => Refuses(SynthesisError.PackageTooNew, Manifest("\"FormatVersion\": 1", "\"FormatVersion\": 2"));

    [TestMethod]
    [DataRow("No differential privacy", "Differential privacy")]
    [DataRow("\"TrainingRows\": 3000", "\"TrainingRows\": 9000")]
    public void A_changed_manifest_is_refused(string before, string after)
    {
        var changed = Manifest(before, after);
        CollectionAssert.AreNotEqual(package, changed);
        Assert.Contains("manifest does not match", Refuses(SynthesisError.PackageCorrupt, changed).Message);
    }

    [TestMethod]
    public void A_package_from_before_manifests_had_a_checksum_is_read()
    {
        using var older = Synthesizers.Load(new MemoryStream(Older("", "")), Device.Cpu);
        Assert.AreEqual("autoregressive", older.Method);
    }

    [TestMethod]
    public void A_package_whose_manifest_lost_its_checksum_is_refused() => Assert.Contains(
        "taken off", Refuses(SynthesisError.PackageCorrupt, Rewrite((_, bytes) => bytes, keepsComments: false)).Message);

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_package_that_lost_the_checksum_of_any_entry_is_refused(bool keepsComments)
    {
        var names = ModelPackage.Open(new MemoryStream(package)).Manifest.Entries.Keys.ToList();
        Assert.HasCount(5, names);
        foreach (var name in names)
        {
            Refuses(SynthesisError.PackageCorrupt, Listed(entries => Assert.IsTrue(entries.Remove(name))));
            Refuses(SynthesisError.PackageCorrupt, Listed(entries => entries[name] = ""));
            Refuses(SynthesisError.PackageCorrupt, Listed(entries => entries[name] = null));
        }

        // Whether the manifest then has a wrong checksum of its own, or looks like one from before it had any, each entry must be answered for.
        byte[] Listed(Action<JsonObject> change) => Rewrite(
            (entry, bytes) =>
            {
                if (entry != "manifest.json") return bytes;
                var manifest = JsonNode.Parse(bytes)!.AsObject();
                if (!keepsComments) manifest.Remove("HasChecksum");
                change(manifest["Entries"]!.AsObject());
                return System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString());
            },
            keepsComments: keepsComments);
    }

    [TestMethod]
    [DataRow("[]")]
    [DataRow("null")]
    [DataRow("{}")]
    [DataRow("""{"FormatVersion": "1"}""")]
    [DataRow("""{"FormatVersion": 1}""")]
    public void What_is_no_manifest_is_refused(string manifest) =>
        Refuses(
            SynthesisError.PackageCorrupt,
            Rewrite(
                (entry, bytes) => entry == "manifest.json" ? System.Text.Encoding.UTF8.GetBytes(manifest) : bytes,
                keepsComments: false));

    [TestMethod]
    [DataRow("Method")]
    [DataRow("Schema")]
    [DataRow("Facts")]
    [DataRow("Metrics")]
    [DataRow("Entries")]
    public void A_manifest_in_which_something_is_null_is_refused(string part) =>
        Refuses(SynthesisError.PackageCorrupt, Forged(manifest => manifest[part] = null));

    [TestMethod]
    [DataRow("network.json", "null")]
    [DataRow("network.json", """{"Width": -1, "Blocks": 3}""")]
    [DataRow("codec.json", "{}")]
    [DataRow("codec.json", """{"Schema": {"Columns": []}, "Columns": [null]}""")]
    public void Entries_that_make_no_model_are_refused_though_their_checksums_match(string name, string text)
    {
        var content = System.Text.Encoding.UTF8.GetBytes(text);
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
        Refuses(SynthesisError.PackageCorrupt, Forged(manifest => manifest["Entries"]![name] = digest, name, content));
    }

    [TestMethod]
    public void Entries_that_are_too_large_together_are_refused()
    {
        var bytes = 0L;
        using (var zip = new ZipArchive(new MemoryStream(package))) bytes = zip.Entries.Sum(entry => entry.Length);
        Assert.AreEqual("autoregressive", ModelPackage.Open(new MemoryStream(package), bytes).Manifest.Method);
        var error = Assert.ThrowsExactly<SynthesisException>(() => ModelPackage.Open(new MemoryStream(package), bytes - 1));
        Assert.Contains("too large", error.Message);
    }

    [TestMethod]
    public void An_unknown_method_is_refused_with_those_known()
    {
        var changed = Older("\"autoregressive\"", "\"magic\"");
        StringAssert.Contains(Refuses(SynthesisError.UnknownMethod, changed).Message, "autoregressive");
    }

    [TestMethod]
    public void What_is_no_package_is_refused()
    {
        Refuses(SynthesisError.PackageCorrupt, []);
        Refuses(SynthesisError.PackageCorrupt, System.Text.Encoding.UTF8.GetBytes("a,b\n1,2\n"));
        Refuses(SynthesisError.PackageCorrupt, package[..(package.Length / 2)]);
    }

    private static SynthesisException Refuses(SynthesisError expected, byte[] bytes)
    {
        var error = Assert.ThrowsExactly<SynthesisException>(() => Synthesizers.Load(new MemoryStream(bytes), Device.Cpu));
        Assert.AreEqual(expected, error.Error);
        return error;
    }

    private static byte[] Manifest(string before, string after) => Rewrite((entry, bytes) => entry == "manifest.json" ? Replaced(bytes, before, after) : bytes);

    /// <summary>The package as it was written when manifests had no checksum.</summary>
    private static byte[] Older(string before, string after) => Rewrite(
        (entry, bytes) => entry == "manifest.json" ? Replaced(Replaced(bytes, "\"HasChecksum\": true,", ""), before, after) : bytes, keepsComments: false);

    /// <summary>The package as somebody may write it who computes checksums anew.</summary>
    private static byte[] Forged(Action<JsonObject> change, string? name = null, byte[]? content = null) => Rewrite(
        (entry, bytes) =>
        {
            if (entry != "manifest.json") return entry == name ? content : bytes;
            var manifest = JsonNode.Parse(bytes)!.AsObject();
            manifest.Remove("HasChecksum");
            change(manifest);
            return System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString());
        },
        keepsComments: false);

    private static byte[] Replaced(byte[] text, string before, string after) =>
        before.Length == 0 ? text : System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(text).Replace(before, after));

    private static byte[] Rewrite(Func<string, byte[], byte[]?> change, string? added = null, bool keepsComments = true)
    {
        var output = new MemoryStream();
        using (var source = new ZipArchive(new MemoryStream(package)))
        using (var target = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in source.Entries)
            {
                using var stream = entry.Open();
                var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                if (change(entry.FullName, bytes.ToArray()) is not { } changed) continue;
                var copy = target.CreateEntry(entry.FullName);
                if (keepsComments) copy.Comment = entry.Comment;
                using var writer = copy.Open();
                writer.Write(changed);
            }

            if (added is not null)
            {
                using var writer = target.CreateEntry(added).Open();
                writer.Write([1, 2, 3]);
            }
        }

        return output.ToArray();
    }
}
