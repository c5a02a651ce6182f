using SynthStudio.Api.Registry;
using SynthStudio.Api.Services;
using SynthStudio.Api.Transfers.Postgres;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Transfers;

/// <summary>Reads drawn rows for those who send them away.</summary>
internal sealed class ExportSources(SyntheticDatasetStore synthetics, GeneratorIndex generators, PackageManifests manifests, IObjectStore objects)
{
    /// <summary>Rows that are all drawn.</summary>
    /// <exception cref="TransferException">They are not, or are gone.</exception>
    public async Task<SyntheticDatasetRecord> FindDrawnAsync(string name, CancellationToken cancellation) =>
        await synthetics.FindAsync(name, cancellation) is { State: ArtifactState.Ready } rows
            ? rows
            : throw new TransferException(TransferReasons.SourceGone, $"{name} is not ready, or was deleted before the export began.", name);

    /// <summary>The rows as one CSV file.</summary>
    public Stream Open(SyntheticDatasetRecord rows) => new ConcatenatedStream(objects, [.. rows.Parts.OrderBy(part => part.Number).Select(part => part.Object)]);

    /// <summary>The columns of the rows, in their order, with the type that PostgreSQL has for them.</summary>
    public async Task<IReadOnlyList<TypedColumn>> ColumnsAsync(SyntheticDatasetRecord rows, CancellationToken cancellation)
    {
        await using var content = Open(rows);
        var names = await CsvHeader.ReadAsync(content, cancellation);
        var columns = (await generators.FindAsync(rows.Generator, cancellation))?.Model is { } model ? await manifests.ReadColumnsAsync(model, cancellation) : [];
        var types = columns.ToDictionary(column => column.GetProperty("Name").GetString()!, PostgresTypes.Of, StringComparer.Ordinal);
        return [.. names.Select(name => new TypedColumn(name, types.GetValueOrDefault(name, "text")))];
    }
}

/// <summary>A column and its type in PostgreSQL.</summary>
internal sealed record TypedColumn(string Name, string Type);
