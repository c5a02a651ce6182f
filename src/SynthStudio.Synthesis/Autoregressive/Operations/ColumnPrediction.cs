using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Autoregressive.Refinement;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>
/// p(column | the other columns that a row has): of a column of two values by the trees that draw it again, where all is known that they look at; they are
/// kept only where they know more than the network. Else by the network.
/// </summary>
/// <param name="codec">How values become cells.</param>
/// <param name="sampler">Has the network.</param>
/// <param name="refinement">Has the trees.</param>
/// <param name="threads">Blocks that are predicted side by side.</param>
/// <param name="blockRows">Rows that are predicted, and held, together; what is predicted does not depend on it.</param>
internal sealed class ColumnPrediction(TableCodec codec, AutoregressiveSampler sampler, RowRefinement refinement, int threads, int blockRows = 1_024)
{
    /// <summary>By row; blocks of rows are predicted while the ones before are taken.</summary>
    public IEnumerable<Prediction> Run(Table table, string name, IReadOnlyList<double> quantiles, CancellationToken cancellation)
    {
        if (quantiles.Any(level => !(level is >= 0 and <= 1)))
            throw new SynthesisException(SynthesisError.OptionOutOfRange, "quantiles must be numbers from 0 to 1.", "quantiles");
        var column = codec.Columns[codec.IndexOf(name)];
        var c = codec.ModelledIndexOf(name);
        if (c < 0 || column is not (CategoryCodec or NumericCodec))
            throw new SynthesisException(SynthesisError.ImpossibleCondition, $"Column '{name}' is not learned: it is constant, an identifier or free text.", name);
        var observed = ObservedCells.Read(codec, table);
        var predicted = new CellPredictions(column, quantiles);
        var trees = Array.Find(refinement.Resamplers, resampler => resampler.Column == c);
        var blocks = Enumerable.Range(0, (table.RowCount + blockRows - 1) / blockRows).Select(number => new Func<Prediction[]>(() => Block(number)));
        return OrderedWork.Run(blocks, threads, cancellation).SelectMany(predictions => predictions);

        Prediction[] Block(int number)
        {
            var first = number * blockRows;
            var predictions = new Prediction[Math.Min(blockRows, table.RowCount - first)];
            var byTrees = Enumerable.Range(first, predictions.Length).ToLookup(row => trees?.CanTell(observed.Cells, row) == true);
            int[] told = [.. byTrees[true]], untold = [.. byTrees[false]];
            if (trees is not null)
            {
                foreach (var (row, high) in told.Zip(trees.HighOf(refinement.Shapes, observed.Cells, told)))
                {
                    var probabilities = new float[column.Layout.Cells];
                    (probabilities[trees.Low], probabilities[trees.High]) = ((float)(1 - high), (float)high);
                    predictions[row - first] = predicted.Of(probabilities);
                }
            }

            var memory = new InferenceMemory(sampler.Network);
            ConditionalPass.Run(sampler.Network, memory, observed.Cells, untold, c, (begin, count) =>
            {
                var probabilities = sampler.Distributions.Of(memory, c, count, 1, undrawn: true);
                for (var i = 0; i < count; i++)
                    predictions[untold[begin + i] - first] = predicted.Of(probabilities.AsSpan(i * column.Layout.Cells, column.Layout.Cells));
            });
            return predictions;
        }
    }
}
