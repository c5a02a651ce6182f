using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>
/// Draws the missing cells of rows given their observed ones. Several missing cells of a row are drawn one after the other, each given those
/// before and given that it has a value.
/// </summary>
internal sealed class Imputation(TableCodec codec, AutoregressiveSampler sampler, int threads)
{
    private const int BlockRows = 4_096;

    public Table Run(Table table, long seed, CancellationToken cancellation)
    {
        var observed = ObservedCells.Read(codec, table);
        var decoders = codec.Modelled.Select((c, i) => observed.Present[i] && codec.Columns[c] is CategoryCodec or NumericCodec ? Present(codec.Columns[c]) : null).ToArray();
        var blocks = Enumerable.Range(0, (table.RowCount + BlockRows - 1) / BlockRows).Select(number => new Func<Column?[]>(() => Fill(number)));
        var filled = OrderedWork.Run(blocks, threads, cancellation).ToList();
        return new Table(table.Schema, [.. table.Columns.Select(column => codec.ModelledIndexOf(column.Name) is var c and >= 0 && decoders[c] is not null ? Merge(column, c) : column)]);

        Column?[] Fill(int number)
        {
            var (first, rows) = (number * BlockRows, Math.Min(BlockRows, table.RowCount - number * BlockRows));
            var cells = new ushort[observed.Cells.Length][];
            for (var c = 0; c < cells.Length; c++)
            {
                cells[c] = observed.Cells[c][first..(first + rows)];
                if (decoders[c] is null) continue;

                // A missing cell is one to fill, also where the model knows missing values.
                var column = table[codec.Columns[codec.Modelled[c]].Schema.Name];
                for (var row = 0; row < rows; row++) if (column.IsMissing(first + row)) cells[c][row] = Cell.Unset;
            }

            sampler.Complete(
                cells, [.. decoders.Select(decoder => decoder?.Shares)], [.. decoders.Select(decoder => decoder is not null)], 1,
                new SeededStream(seed, StreamPurpose.SampledTokens, number));
            return [.. decoders.Select((decoder, c) => decoder?.Codec.Decode(
                cells[c], new SeededStream(seed, StreamPurpose.DecodedValues, (long)number * cells.Length + c), first, seed))];
        }

        Column Merge(Column column, int c) => FilledCells.Of(column, Chunks.Join(column.Schema, filled.ConvertAll(block => block[c]!)));
    }

    /// <summary>Any value that the model knows; an invented one has no place in a real row.</summary>
    private static Admission? Present(ColumnCodec column)
    {
        try
        {
            var admission = column.Admit(Condition.NotMissing());
            if (column is CategoryCodec { RareCell: >= 0 and var rare, Categories.Length: > 0 }) admission.Shares[rare] = 0;
            return admission;
        }
        catch (SynthesisException)
        {
            // The column was missing in every training row: there is no value to draw.
            return null;
        }
    }
}
