using Parquet;
using Parquet.Schema;

namespace SynthStudio.Api.Formats;

/// <summary>Writes rows as Parquet, compressed by Zstandard, a group of rows at a time.</summary>
internal static class ParquetRows
{
    /// <summary>A group is held in memory before it is written.</summary>
    private const int MostRows = 1 << 17, MostCells = 1 << 22, MostBytes = 64 << 20;

    /// <summary>Writes all rows that are left.</summary>
    /// <param name="rows">The rows, behind their header.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="target">Where to.</param>
    /// <param name="tell">Told of rows that were written.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ValueNotOfTypeException">A cell is none of its column's type.</exception>
    public static async Task WriteAsync(
        CsvRows rows, IReadOnlyList<TypedColumn> columns, Stream target, Action<long> tell, CancellationToken cancellation)
    {
        var parts = columns.Select(ParquetColumn.Of).ToArray();
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd };
        await using var writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(parts.Select(part => part.Field)), target, options, cancellationToken: cancellation);
        var most = Math.Max(1, Math.Min(MostRows, MostCells / parts.Length));
        var (held, bytes) = (0, 0L);
        while (await rows.ReadAsync(cancellation))
        {
            bytes += Take(rows, parts);
            if (++held < most && bytes < MostBytes) continue;
            await EndGroupAsync();
        }

        if (held > 0) await EndGroupAsync();

        async Task EndGroupAsync()
        {
            using var group = writer.CreateRowGroup();
            foreach (var part in parts) await part.WriteAsync(group, cancellation);
            tell(held);
            (held, bytes) = (0, 0);
        }
    }

    /// <summary>Takes a row.</summary>
    /// <returns>Bytes of its cells.</returns>
    private static long Take(CsvRows rows, ParquetColumn[] parts)
    {
        var bytes = 0L;
        for (var i = 0; i < parts.Length; i++)
        {
            if (rows.IsMissing(i))
            {
                parts[i].AddMissing();
                continue;
            }

            var cell = rows[i];
            parts[i].Add(cell);
            bytes += cell.Length;
        }

        return bytes;
    }
}
