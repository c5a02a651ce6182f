using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Autoregressive.Refinement;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>Fills the missing cells of rows given their observed ones, as <see cref="RowCompletion"/> draws them.</summary>
/// <param name="codec">How values become cells.</param>
/// <param name="sampler">Draws cells.</param>
/// <param name="refinement">Draws columns of two values again.</param>
/// <param name="threads">Blocks that are filled side by side.</param>
/// <param name="blockRows">Rows that are filled together; what is filled does not depend on it.</param>
internal sealed class Imputation(TableCodec codec, AutoregressiveSampler sampler, RowRefinement refinement, int threads, int blockRows = 4_096)
{
    public Table Run(Table table, long seed, CancellationToken cancellation)
    {
        var observed = ObservedCells.Read(codec, table);
        var decoders = codec.Modelled.Select((c, i) => observed.Present[i] ? Present(codec.Columns[c]) : null).ToArray();
        var completion = new RowCompletion(sampler, refinement, Array.ConvertAll(decoders, decoder => decoder?.Shares), seed);
        var blocks = Enumerable.Range(0, (table.RowCount + blockRows - 1) / blockRows).Select(number => new Func<ushort[][]>(() => Fill(number)));
        var filled = OrderedWork.Run(blocks, threads, cancellation).ToList();
        return new Table(table.Schema, [.. table.Columns.Select(Merge)]);

        ushort[][] Fill(int number)
        {
            var (first, rows) = (number * blockRows, Math.Min(blockRows, table.RowCount - number * blockRows));
            var cells = new ushort[observed.Cells.Length][];
            for (var c = 0; c < cells.Length; c++)
            {
                cells[c] = observed.Cells[c][first..(first + rows)];
                if (decoders[c] is null) continue;

                // A missing cell is one to fill, also where the model knows missing values.
                var column = table[codec.Columns[codec.Modelled[c]].Schema.Name];
                for (var row = 0; row < rows; row++) if (column.IsMissing(first + row)) cells[c][row] = Cell.Unset;
            }

            completion.Complete(cells, first, cancellation);
            return cells;
        }

        Column Merge(Column column)
        {
            if (codec.ModelledIndexOf(column.Name) is var c and >= 0)
                return decoders[c] is { } decoder ? FilledCells.Of(column, Decode(decoder.Codec, [.. filled.SelectMany(cells => cells[c])], seed)) : column;
            return OnlyValue(column) is { } constant ? FilledCells.Of(column, Decode(constant.Codec, new ushort[table.RowCount], seed)) : column;
        }
    }

    /// <summary>All rows at once, so that a value does not depend on how they were cut into blocks.</summary>
    private Column Decode(ColumnCodec decoder, ushort[] cells, long seed) =>
        decoder.Decode(cells, new SeededStream(seed, StreamPurpose.DecodedValues, codec.IndexOf(decoder.Schema.Name)), 0, seed);

    /// <summary>The value of a column that had but one in training: it is not modelled, and no less known.</summary>
    private Admission? OnlyValue(Column column)
    {
        var known = codec.Columns.FirstOrDefault(known => known.Schema.Name == column.Name && known.Schema.IsNumeric == column is NumericColumn);
        return known?.Layout.Cells == 1 ? Present(known) : null;
    }

    /// <summary>Any value that the model knows; an invented one has no place in a real row.</summary>
    private static Admission? Present(ColumnCodec column)
    {
        if (column is not (CategoryCodec or NumericCodec)) return null;
        try
        {
            if (column is not CategoryCodec categories) return column.Admit(Condition.NotMissing());
            var admission = categories.WithoutInvented.Admit(Condition.NotMissing());
            if (categories is { RareCell: >= 0 and var rare, Further: { } further })
                admission.Shares[rare] = further.Rows / categories.RareCount;
            return admission;
        }
        catch (SynthesisException)
        {
            // The column was missing in every training row: there is no value to draw.
            return null;
        }
    }
}
