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
/// <param name="blockRows">Rows that are predicted together; what is predicted does not depend on it.</param>
internal sealed class ColumnPrediction(TableCodec codec, AutoregressiveSampler sampler, RowRefinement refinement, int threads, int blockRows = 4_096)
{
    public IReadOnlyList<Prediction> Run(Table table, string name, IReadOnlyList<double> quantiles, CancellationToken cancellation)
    {
        if (quantiles.Any(level => !(level is >= 0 and <= 1)))
            throw new SynthesisException(SynthesisError.OptionOutOfRange, "quantiles must be numbers from 0 to 1.", "quantiles");
        var column = codec.Columns[codec.IndexOf(name)];
        var c = codec.ModelledIndexOf(name);
        if (c < 0 || column is not (CategoryCodec or NumericCodec))
            throw new SynthesisException(SynthesisError.ImpossibleCondition, $"Column '{name}' is not learned: it is constant, an identifier or free text.", name);
        var observed = ObservedCells.Read(codec, table);
        var trees = Array.Find(refinement.Resamplers, resampler => resampler.Column == c);
        var blocks = Enumerable.Range(0, (table.RowCount + blockRows - 1) / blockRows).Select(number => new Func<Prediction[]>(() => Block(number)));
        return [.. OrderedWork.Run(blocks, threads, cancellation).SelectMany(predictions => predictions)];

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
                    predictions[row - first] = Describe(column, probabilities, quantiles);
                }
            }

            var memory = new InferenceMemory(sampler.Network);
            ConditionalPass.Run(sampler.Network, memory, observed.Cells, untold, c, (begin, count) =>
            {
                var probabilities = sampler.Distributions.Of(memory, c, count, 1);
                for (var i = 0; i < count; i++)
                    predictions[untold[begin + i] - first] = Describe(column, probabilities.AsSpan(i * column.Layout.Cells, column.Layout.Cells), quantiles);
            });
            return predictions;
        }
    }

    private static Prediction Describe(ColumnCodec column, ReadOnlySpan<float> cells, IReadOnlyList<double> quantiles)
    {
        if (column is CategoryCodec category)
        {
            var shares = new Dictionary<string, double>(StringComparer.Ordinal);
            var told = 1 - (category.RareCell >= 0 ? Math.Min(cells[category.RareCell], 1 - 1e-6) : 0); // Rare ones have no name.
            for (var cell = 0; cell < category.Categories.Length; cell++) shares[category.Categories[cell]] = cells[cell] / told;
            return new Prediction { Categories = shares, Missing = category.MissingCount > 0 ? cells[^1] / told : 0 };
        }

        // Each cell is a mixture of spikes and uniform ranges; so is the column.
        var pieces = new List<NumericPiece>();
        var numeric = (NumericCodec)column;
        for (var cell = 0; cell < numeric.Cells.Length; cell++)
        {
            foreach (var piece in numeric.Cells[cell].Pieces) pieces.Add(piece with { Weight = piece.Weight * cells[cell] / numeric.Cells[cell].Count });
        }

        var mass = pieces.Sum(piece => piece.Weight);
        pieces.Sort((a, b) => (a.Low, a.High).CompareTo((b.Low, b.High)));
        return new Prediction
        {
            Missing = Sum(cells[numeric.Cells.Length..]),
            Mean = mass > 0 ? pieces.Sum(piece => piece.Weight * (piece.Low + piece.High) / 2) / mass : null,
            Quantiles = mass > 0 ? [.. quantiles.Select(level => numeric.Grid.Snap(Quantile(pieces, level * mass)))] : [],
        };
    }

    /// <summary>Of the cells behind those of values: what is missing.</summary>
    private static double Sum(ReadOnlySpan<float> cells)
    {
        double sum = 0;
        foreach (var cell in cells) sum += cell;
        return sum;
    }

    private static double Quantile(List<NumericPiece> pieces, double mass)
    {
        foreach (var (low, high, weight) in pieces)
        {
            if (mass <= weight && weight > 0) return low + (high - low) * Math.Max(mass, 0) / weight;
            mass -= weight;
        }

        return pieces[^1].High;
    }
}
