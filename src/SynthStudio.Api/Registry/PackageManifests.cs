using System.IO.Compression;
using System.Text.Json;
using Microsoft.Extensions.Caching.Hybrid;
using SynthStudio.Api.Services;
using SynthStudio.Catalog.Packages;
using SynthStudio.Storage;

namespace SynthStudio.Api.Registry;

/// <summary>What model packages say of themselves, for cards and lineage. The file is a zip with a <c>manifest.json</c>; nothing else of it is read.</summary>
internal sealed class PackageManifests(IObjectStore objects, HybridCache cache)
{
    private const int LargestManifest = 16 << 20;

    /// <summary>The facts of a package; null when the object is none.</summary>
    public async Task<ManifestFacts?> ReadAsync(ObjectRef model, CancellationToken cancellation)
    {
        var json = await cache.GetOrCreateAsync(
            $"manifest:{model.Sha256}", (objects, model),
            static async (source, stop) => await LoadAsync(source.objects, source.model, stop),
            ObjectMemory.Of(model), cancellationToken: cancellation);
        if (json.Length == 0) return null;
        using var manifest = JsonDocument.Parse(json);
        return FactsOf(manifest.RootElement);
    }

    /// <summary>What a manifest says of the model's making.</summary>
    /// <exception cref="PackageException">It is no manifest.</exception>
    public static ManifestFacts FactsOf(JsonElement manifest)
    {
        try
        {
            var facts = manifest.GetProperty("Facts");
            return new ManifestFacts(
                manifest.GetProperty("Method").GetString() ?? "", facts.GetProperty("CodeVersion").GetString() ?? "", facts.GetProperty("Created").GetDateTimeOffset(),
                facts.GetProperty("TrainingRows").GetInt64(), manifest.TryGetProperty("Choice", out var choice) ? choice.GetString() : null, facts.GetProperty("Seed").GetInt64(),
                facts.GetProperty("Options").EnumerateObject().ToDictionary(option => option.Name, option => option.Value.GetString() ?? "", StringComparer.Ordinal));
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new PackageException(PackageError.Corrupt, "The file is no intact model package: its manifest lacks what every one has.", e);
        }
    }

    /// <summary>The columns of the rows that a model draws, as its schema has them; none when the object is no package.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReadColumnsAsync(ObjectRef model, CancellationToken cancellation)
    {
        var json = await LoadAsync(objects, model, cancellation);
        if (json.Length == 0) return [];
        using var manifest = JsonDocument.Parse(json);
        return manifest.RootElement.TryGetProperty("Schema", out var schema) && schema.ValueKind == JsonValueKind.Object
            ? [.. schema.GetProperty("Columns").EnumerateArray().Select(column => column.Clone())]
            : [];
    }

    private static async Task<string> LoadAsync(IObjectStore objects, ObjectRef model, CancellationToken cancellation)
    {
        try
        {
            using var zip = ZipFile.OpenRead(await objects.GetLocalPathAsync(model, cancellation));
            if (zip.GetEntry("manifest.json") is not { Length: <= LargestManifest } entry) return "";
            using var reader = new StreamReader(entry.Open());
            return await reader.ReadToEndAsync(cancellation);
        }
        catch (InvalidDataException)
        {
            return "";
        }
    }
}

/// <summary>What a model package says of its making.</summary>
/// <param name="Method">The method that made it.</param>
/// <param name="CodeVersion">Of the program that trained.</param>
/// <param name="Created">When it was written.</param>
/// <param name="TrainingRows">Rows that were learned, or as declared or counted with noise under privacy terms.</param>
/// <param name="Choice">Why the method was chosen; null when the user chose it.</param>
/// <param name="Seed">Of the training.</param>
/// <param name="Options">Options of the method, as they were given.</param>
internal sealed record ManifestFacts(
    string Method, string CodeVersion, DateTimeOffset Created, long TrainingRows, string? Choice, long Seed, IReadOnlyDictionary<string, string> Options);
