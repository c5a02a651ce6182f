using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;
using static TorchSharp.torch;

namespace SynthStudio.Synthesis.Diffusion;

/// <summary>
/// Draws the missing cells of rows given their observed ones, which the denoiser was trained to see without noise. As good as the denoiser is:
/// the network's approximation of the conditional distribution, not an exact one.
/// </summary>
internal sealed class DiffusionImputation(MixedCodec codec, DiffusionSampler sampler, ComputeDevice device)
{
    private const int BlockRows = 4_096;

    /// <summary>See <see cref="IImputer.Impute"/>.</summary>
    public Table Run(Table table, long seed, CancellationToken cancellation)
    {
        var (given, filled) = Read(table, seed);
        var blocks = new Table[(table.RowCount + BlockRows - 1) / BlockRows];
        foreach (var some in Enumerable.Range(0, blocks.Length).Chunk(device.Threads))
        {
            cancellation.ThrowIfCancellationRequested();
            device.Run(some.Length, i =>
            {
                using var scope = NewDisposeScope();
                using var none = no_grad();
                var first = some[i] * BlockRows;
                var part = given.Part(first, Math.Min(BlockRows, table.RowCount - first));
                blocks[some[i]] = codec.Decode(sampler.Draw(part, seed, some[i], cancellation), some[i], first, seed, toFill: true);
                return 0;
            });
        }

        var drawn = Chunks.Join([.. blocks]);
        return new Table(table.Schema, [.. table.Columns.Select(column => filled.Contains(column.Name) ? FilledCells.Of(column, drawn[column.Name]) : column)]);
    }

    /// <summary>What the table says of the model's columns, and the names of those to fill.</summary>
    private (MixedGiven Given, HashSet<string> Filled) Read(Table table, long seed)
    {
        var filled = new HashSet<string>(StringComparer.Ordinal);
        var (symbols, scalars, drawable) = (new ushort[codec.Columns.Count][], new float[]?[codec.Columns.Count], new bool[codec.Columns.Count][]);
        for (var c = 0; c < symbols.Length; c++)
        {
            var (mixed, cells) = (codec.Columns[c], codec.Table.Columns[codec.Table.Modelled[c]]);
            symbols[c] = new ushort[table.RowCount];
            Array.Fill(symbols[c], MixedGiven.Drawn);
            scalars[c] = mixed.HasScalar ? new float[table.RowCount] : null;
            drawable[c] = mixed.Drawable;
            if (table.Columns.FirstOrDefault(column => column.Name == cells.Schema.Name) is not { } column) continue;
            if (column is NumericColumn != cells.Schema.IsNumeric)
            {
                throw new SynthesisException(
                    SynthesisError.TableMismatch, $"Column '{column.Name}' is {column.Schema.Kind} here, but the model learned it as {cells.Schema.Kind}.", column.Name);
            }

            if (cells is CategoryCodec or NumericCodec && mixed.DrawablePresent.Contains(true))
            {
                filled.Add(column.Name);
                drawable[c] = mixed.DrawablePresent;
            }

            var known = cells.EncodeKnown(column, MixedGiven.Drawn);
            var (seen, places) = mixed.Encode(column, new SeededStream(seed, StreamPurpose.ModeChoice, c));
            for (var row = 0; row < known.Length; row++)
            {
                if (known[row] == MixedGiven.Drawn || (filled.Contains(column.Name) && column.IsMissing(row))) continue;
                symbols[c][row] = seen[row];
                if (scalars[c] is { } own) own[row] = places![row];
            }
        }

        filled.UnionWith(OfOneValue(table));
        return (new MixedGiven(symbols, scalars, drawable), filled);
    }

    /// <summary>The names of the columns that had but one value in training: they are not modelled, and no less known.</summary>
    private IEnumerable<string> OfOneValue(Table table) => codec.Table.Columns
        .Where(known => known.Layout.Cells == 1 && known is CategoryCodec { Categories.Length: 1 } or NumericCodec { Cells.Length: 1 })
        .Select(known => known.Schema)
        .Where(known => table.Columns.Any(column => column.Name == known.Name && column is NumericColumn == known.IsNumeric))
        .Select(known => known.Name);
}
