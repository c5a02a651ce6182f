using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Packages;

/// <summary>
/// A learned model as one file (<c>.synth</c>): a zip of <c>manifest.json</c>, whose SHA-256 is its comment in the zip, and data entries
/// that the manifest lists with theirs; a checksum that is missing is as bad as a wrong one. Holds numbers and texts, no code; everything
/// in it is verified before use. That finds damage, and changes by who does not mean to deceive: checksums anyone can compute anew. Against
/// who does, servers sign packages and refuse what nobody signed.
/// </summary>
public sealed class ModelPackage
{
    /// <summary>
    /// The layout written by this version of the software. Entries that a method does not know are verified and ignored, so an entry that only
    /// makes rows better needs no new format: an older reader draws rows of the same model without it, and others for the same seed.
    /// </summary>
    public const int CurrentFormat = 1;

    private const string ManifestName = "manifest.json";

    /// <summary>Bytes of all entries as they come out: what would take more is no model, but a bomb.</summary>
    private const long MaxContentBytes = 8L << 30;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    private readonly Dictionary<string, byte[]> entries;

    private ModelPackage(PackageManifest manifest, Dictionary<string, byte[]> entries) => (Manifest, this.entries) = (manifest, entries);

    public PackageManifest Manifest { get; }

    /// <summary>The bytes of an entry.</summary>
    /// <exception cref="SynthesisException">The package has no such entry.</exception>
    public byte[] this[string name] =>
        entries.TryGetValue(name, out var bytes) ? bytes : throw Corrupt($"the entry '{name}' is missing");

    /// <summary>
    /// Writes a package. Where differential privacy is promised, the exact number of rows and the data's fingerprint stay outside: they are not
    /// part of what was paid for.
    /// </summary>
    public static void Write(
        Stream destination, string method, TableSchema schema, PackageFacts facts, IReadOnlyDictionary<string, double> metrics,
        IReadOnlyDictionary<string, byte[]> entries, PrivacyStatement? privacy = null, string? choice = null)
    {
        privacy ??= PrivacyStatement.None;
        var manifest = new PackageManifest
        {
            FormatVersion = CurrentFormat,
            HasChecksum = true,
            Method = method,
            Schema = schema,
            Facts = privacy.Guaranteed ? facts with { TrainingRows = privacy.Rows, DataFingerprint = "" } : facts,
            Metrics = metrics,
            Privacy = privacy.Text,
            PrivacyStatement = privacy,
            Choice = choice,
            Entries = entries.ToDictionary(entry => entry.Key, entry => Digest(entry.Value)),
        };
        using var zip = new ZipArchive(destination, ZipArchiveMode.Create, leaveOpen: true);
        var manifestBytes = JsonSerializer.SerializeToUtf8Bytes(manifest, Json);
        Add(ManifestName, manifestBytes, Digest(manifestBytes)); // Readers from before it existed do not look.
        foreach (var (name, bytes) in entries) Add(name, bytes);

        void Add(string name, byte[] bytes, string comment = "")
        {
            // A fixed time stamp: equal models are equal files.
            var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
            (entry.LastWriteTime, entry.Comment) = (new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero), comment);
            using var stream = entry.Open();
            stream.Write(bytes);
        }
    }

    /// <summary>Reads and verifies a package.</summary>
    /// <param name="source">Seekable, or it is read into memory first.</param>
    /// <exception cref="SynthesisException">The file is no package, is damaged or changed, or was written by a newer version.</exception>
    public static ModelPackage Open(Stream source) => Open(source, MaxContentBytes);

    /// <summary>Reads and verifies a package whose entries have no more bytes together than <paramref name="mostBytes"/>.</summary>
    internal static ModelPackage Open(Stream source, long mostBytes)
    {
        try
        {
            using var zip = new ZipArchive(source, ZipArchiveMode.Read, leaveOpen: true);
            var manifestEntry = zip.GetEntry(ManifestName) ?? throw Corrupt("it has no manifest");
            var left = mostBytes;
            var manifestBytes = Read(manifestEntry, ref left);
            RefuseNewer(manifestBytes);
            if (manifestEntry.Comment is { Length: > 0 } digest && digest != Digest(manifestBytes)) throw Corrupt("its manifest does not match its checksum");
            var manifest = JsonSerializer.Deserialize<PackageManifest>(manifestBytes, Json) ?? throw Corrupt("its manifest is empty");
            if (manifest is { Method: null } or { Schema: null or { Columns: null } } or { Facts: null } or { Metrics: null } or { Entries: null })
                throw Corrupt("its manifest lacks something that every one has");
            if (manifest.HasChecksum && manifestEntry.Comment.Length == 0) throw Corrupt("the checksum of its manifest was taken off");
            var entries = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            foreach (var (name, listed) in manifest.Entries)
            {
                var bytes = Read(zip.GetEntry(name) ?? throw Corrupt($"the entry '{name}' is missing"), ref left);
                if (Digest(bytes) != listed) throw Corrupt($"the entry '{name}' does not match its checksum");
                entries.Add(name, bytes);
            }

            return zip.Entries.Count == entries.Count + 1 ? new ModelPackage(manifest, entries) : throw Corrupt("it holds entries that its manifest does not list");
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or EndOfStreamException or NotSupportedException or ArgumentException)
        {
            throw Corrupt(error.Message, error);
        }
    }

    private static void RefuseNewer(byte[] manifest)
    {
        using var document = JsonDocument.Parse(manifest);
        var number = 0;
        var isNamed = document.RootElement is { ValueKind: JsonValueKind.Object } root
            && root.TryGetProperty(nameof(PackageManifest.FormatVersion), out var version)
            && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out number);
        if (!isNamed) throw Corrupt("its manifest names no format version");
        if (number > CurrentFormat)
        {
            throw new SynthesisException(
                SynthesisError.PackageTooNew, $"The model package has format {number}; this version reads up to {CurrentFormat}. Update the software.");
        }
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Read(ZipArchiveEntry entry, ref long left)
    {
        if (entry.Length > Math.Min(left, Array.MaxLength)) throw Corrupt($"with the entry '{entry.FullName}' it is too large");
        left -= entry.Length;
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return stream.ReadByte() < 0 ? bytes : throw Corrupt($"the entry '{entry.FullName}' is longer than it says");
    }

    private static SynthesisException Corrupt(string why, Exception? inner = null) =>
        new(SynthesisError.PackageCorrupt, $"The file is no intact model package: {why}.", inner: inner);
}
