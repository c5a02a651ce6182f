using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>
/// log p(row) = sum over columns of log p(cell | cells before it), averaged over orders of the columns, and of the log-density of the value in its cell. Of
/// the network: what refinement makes of its rows has no density that could be evaluated.
/// </summary>
internal sealed class RowLikelihood(TableCodec codec, AutoregressiveSampler sampler, int threads)
{
    private const int BlockRows = 2_048;

    public double[] Run(Table table, int orders, long seed, CancellationToken cancellation)
    {
        if (orders < 1) throw new SynthesisException(SynthesisError.OptionOutOfRange, "orders must be at least 1.", "orders");
        var observed = ObservedCells.Read(codec, table);
        var columns = Enumerable.Range(0, observed.Cells.Length).Where(c => observed.Present[c]).ToArray();
        if (columns.Length == 0) throw new SynthesisException(SynthesisError.TableMismatch, "The table has none of the model's columns.");
        var shares = ValuesInCells.LogShares(codec, table, observed);
        var blocks = Enumerable.Range(0, (table.RowCount + BlockRows - 1) / BlockRows).Select(number => new Func<double[]>(() => Block(number)));
        return [.. OrderedWork.Run(blocks, threads, cancellation).SelectMany(sums => sums)];

        double[] Block(int number)
        {
            var (first, rows) = (number * BlockRows, Math.Min(BlockRows, table.RowCount - number * BlockRows));
            var sums = shares.AsSpan(first, rows).ToArray();
            for (var k = 0; k < orders; k++)
            {
                var order = (int[])columns.Clone();
                new SeededStream(seed, StreamPurpose.ColumnOrders, k).Shuffle<int>(order);
                var cells = Cell.AllUnset(observed.Cells.Length, rows);
                var groups = new RowGroups(rows);
                foreach (var c in order)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var column = observed.Cells[c].AsSpan(first, rows);
                    var logs = sampler.Distributions.LogProbabilities(cells, groups, c, column);
                    for (var row = 0; row < rows; row++) sums[row] += logs[row] / orders;
                    column.CopyTo(cells[c]);
                    groups.Split(column);
                }
            }

            return sums;
        }
    }
}
