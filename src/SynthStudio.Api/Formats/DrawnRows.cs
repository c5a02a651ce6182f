using SynthStudio.Api.Registry;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Formats;

/// <summary>Finds the rows of synthetic data sets, with the types that the schema of their model says.</summary>
internal sealed class DrawnRows(GeneratorIndex generators, PackageManifests manifests, IObjectStore objects)
{
    /// <summary>The rows as CSV, without types.</summary>
    public StoredRows Csv(SyntheticDatasetRecord rows) => new([], [.. rows.Parts.OrderBy(part => part.Number).Select(part => part.Object)], objects);

    /// <summary>The rows with the types of their columns; texts where the model is gone.</summary>
    /// <param name="rows">The synthetic data set.</param>
    /// <param name="asText">Columns that are texts, whatever they hold.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="NoSuchColumnException">One of <paramref name="asText"/> is no column.</exception>
    /// <exception cref="NoHeaderException">The rows have no header.</exception>
    /// <exception cref="InvalidDataException">The rows are damaged.</exception>
    public async Task<StoredRows> TypedAsync(SyntheticDatasetRecord rows, IReadOnlyCollection<string> asText, CancellationToken cancellation)
    {
        var stored = Csv(rows);
        await using var content = stored.Open();
        var names = await RowFiles.HeaderAsync(new CsvRows(content), cancellation);
        var columns = (await generators.FindAsync(rows.Generator, cancellation))?.Model is { } model
            ? await manifests.ReadColumnsAsync(model, cancellation)
            : [];
        var types = columns.ToDictionary(column => column.GetProperty("Name").GetString()!, ManifestTypes.Of, StringComparer.Ordinal);
        return stored with { Columns = TypedColumn.List(names.Select(name => new TypedColumn(name, types.GetValueOrDefault(name))), asText) };
    }
}
