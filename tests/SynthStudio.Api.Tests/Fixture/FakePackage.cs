using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SynthStudio.Api.Tests.Fixture;

/// <summary>Model packages as workers write them, with any text for a model.</summary>
public static class FakePackage
{
    public const string Private = """
        {"guaranteed":true,"epsilon":0.9,"delta":1e-6,"unit":"row","max_rows_per_unit":1,"neighbouring":"add_or_remove_one","rows":100,
         "event":{"type":"gaussian","noise_multiplier":6},"declared":["kinds of all columns"],"bought":[],"outside":["when it was trained"]}
        """;

    /// <param name="content">The model.</param>
    /// <param name="method">The method that made it.</param>
    /// <param name="privacy">What it promises, as JSON; null for nothing.</param>
    /// <param name="format">Version of its layout.</param>
    /// <param name="schema">Schema of its rows, as JSON; null for none.</param>
    /// <param name="listed">What the manifest says the model is; null the truth.</param>
    /// <param name="lostChecksum">Whether the manifest says that a checksum of its own goes with it, which none does.</param>
    public static byte[] Of(
        string content, string method = "copula", string? privacy = null, int format = 1, string? listed = null, string? schema = null, bool lostChecksum = false)
    {
        var model = Encoding.UTF8.GetBytes(content);
        var manifest = new JsonObject
        {
            ["FormatVersion"] = format,
            ["HasChecksum"] = lostChecksum,
            ["Method"] = method,
            ["Facts"] = new JsonObject
            {
                ["TrainingRows"] = 3, ["DataFingerprint"] = "", ["CodeVersion"] = "9.8.7", ["Created"] = "2026-01-02T03:04:05Z", ["Seed"] = 4, ["Options"] = new JsonObject(),
            },
            ["Schema"] = schema is null ? null : JsonNode.Parse(schema),
            ["privacy_statement"] = privacy is null ? null : JsonNode.Parse(privacy),
            ["Entries"] = new JsonObject { ["model"] = Convert.ToHexStringLower(SHA256.HashData(listed is null ? model : Encoding.UTF8.GetBytes(listed))) },
        };
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "manifest.json", Encoding.UTF8.GetBytes(manifest.ToJsonString()));
            Add(zip, "model", model);
        }

        return file.ToArray();
    }

    /// <summary>The model in a package.</summary>
    public static string ContentOf(byte[] package)
    {
        using var zip = new ZipArchive(new MemoryStream(package));
        using var reader = new StreamReader(zip.GetEntry("model")!.Open());
        return reader.ReadToEnd();
    }

    private static void Add(ZipArchive zip, string name, byte[] bytes)
    {
        using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(bytes);
    }
}
