using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>
/// The joint distribution of a few columns under the model, as weighted combinations of cells: exact while the combinations are few, else
/// by particles, drawn in proportion to their weights, that stand for them.
/// </summary>
internal sealed class JointTable
{
    /// <summary>Most combinations.</summary>
    public const int MaxCombinations = 4_096;

    private readonly AutoregressiveSampler sampler;
    private readonly double temperature;
    private readonly ushort[] given;
    private readonly List<int> columns = [];

    /// <param name="sampler">The model.</param>
    /// <param name="given">By column: a cell that all rows have, or <see cref="Cell.Unset"/>.</param>
    /// <param name="temperature">Above 0; 1 is the learned distribution.</param>
    public JointTable(AutoregressiveSampler sampler, ushort[] given, double temperature) =>
        (this.sampler, this.given, this.temperature) = (sampler, given, temperature);

    /// <summary>The columns of a combination, in order.</summary>
    public IReadOnlyList<int> Columns => columns;

    /// <summary>The cells of each combination.</summary>
    public List<ushort[]> Cells { get; private set; } = [[]];

    /// <summary>Probability of each combination, and of meeting all conditions so far.</summary>
    public List<double> Weights { get; private set; } = [1];

    /// <summary>Multiplies the weights with the probability that <paramref name="column"/> is admitted.</summary>
    public void Weigh(int column, double[] shares)
    {
        ForEach(column, (combination, probabilities) =>
        {
            double mass = 0;
            for (var cell = 0; cell < shares.Length; cell++) mass += probabilities[cell] * shares[cell];
            Weights[combination] *= mass;
        });
        if (!(Weights.Sum() > 0)) throw new SynthesisException(SynthesisError.ImpossibleCondition, "The model knows no row that meets all conditions at once.");
    }

    /// <summary>Adds a column to the combinations.</summary>
    /// <param name="column">Among the modelled ones.</param>
    /// <param name="shares">Factors of its cells; null admits all.</param>
    /// <param name="random">Chooses particles when there are too many combinations; null refuses.</param>
    public void Add(int column, double[]? shares, SeededStream? random)
    {
        var (cells, weights) = (new List<ushort[]>(), new List<double>());
        ForEach(column, (combination, probabilities) =>
        {
            for (var cell = 0; cell < probabilities.Length; cell++)
            {
                var weight = Weights[combination] * probabilities[cell] * (shares?[cell] ?? 1);
                if (!(weight > 0)) continue;
                cells.Add([.. Cells[combination], (ushort)cell]);
                weights.Add(weight);
            }
        });
        if (cells.Count == 0) throw new SynthesisException(SynthesisError.ImpossibleCondition, "The model knows no row that meets all conditions at once.");
        columns.Add(column);
        (Cells, Weights) = (cells, weights);
        if (cells.Count > MaxCombinations) Resample(random ?? throw new SynthesisException(
            SynthesisError.OptionOutOfRange, $"The columns to balance have more than {MaxCombinations} combinations of values."));
    }

    /// <summary>Systematic resampling (Kitagawa, 1996): combinations in proportion to their weights, equal ones once.</summary>
    private void Resample(SeededStream random)
    {
        var total = Weights.Sum();
        var (cells, weights) = (new List<ushort[]>(), new List<double>());
        double sum = 0, next = random.NextDouble();
        for (var i = 0; i < Cells.Count; i++)
        {
            sum += Weights[i] / total * MaxCombinations;
            var copies = 0;
            for (; next < sum; next++) copies++;
            if (copies == 0) continue;
            cells.Add(Cells[i]);
            weights.Add(copies * total / MaxCombinations);
        }

        (Cells, Weights) = (cells, weights);
    }

    private void ForEach(int column, CombinationAction use)
    {
        var rows = Cells.Count;
        var known = Array.ConvertAll(given, cell => Enumerable.Repeat(cell, rows).ToArray());
        for (var i = 0; i < columns.Count; i++)
            for (var row = 0; row < rows; row++) known[columns[i]][row] = Cells[row][i];

        var width = sampler.Network.Shape.Tokens.Columns[column].Cells;
        var memory = new InferenceMemory(sampler.Network);
        ConditionalPass.Run(sampler.Network, memory, known, [.. Enumerable.Range(0, rows)], -1, (first, count) =>
        {
            var probabilities = sampler.Distributions.Of(memory, column, count, temperature);
            for (var row = 0; row < count; row++) use(first + row, probabilities.AsSpan(row * width, width));
        });
    }

    private delegate void CombinationAction(int combination, ReadOnlySpan<float> probabilities);
}
