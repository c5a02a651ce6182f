using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>
/// The joint distribution of a few columns under the model, as weighted combinations of cells: exact while the combinations are few, else
/// by particles, drawn in proportion to their weights, that stand for them. Where it is divided into strata, particles are drawn within
/// each, so that none dies out however improbable it is.
/// </summary>
internal sealed class JointTable
{
    /// <summary>Most combinations.</summary>
    public const int MaxCombinations = 4_096;

    /// <summary>Particles that a stratum has at least, where there is room.</summary>
    private const int FewParticles = 16;

    private readonly AutoregressiveSampler sampler;
    private readonly double temperature;
    private readonly ushort[] given;
    private readonly List<int> columns = [];
    private readonly int limit;
    private List<int> strata = [0];
    private double[]? budget;

    /// <param name="sampler">The model.</param>
    /// <param name="given">By column: a cell that all rows have, or <see cref="Cell.Unset"/>.</param>
    /// <param name="temperature">Above 0; 1 is the learned distribution.</param>
    /// <param name="limit">Most combinations, about.</param>
    public JointTable(AutoregressiveSampler sampler, ushort[] given, double temperature, int limit = MaxCombinations) =>
        (this.sampler, this.given, this.temperature, this.limit) = (sampler, given, temperature, limit);

    /// <summary>The columns of a combination, in order.</summary>
    public IReadOnlyList<int> Columns => columns;

    /// <summary>The cells of each combination.</summary>
    public List<ushort[]> Cells { get; private set; } = [[]];

    /// <summary>Probability of each combination, and of meeting all conditions so far.</summary>
    public List<double> Weights { get; private set; } = [1];

    /// <summary>The stratum of each combination.</summary>
    public IReadOnlyList<int> Strata => strata;

    /// <summary>Strata there were when the table was divided.</summary>
    public int StrataCount { get; private set; } = 1;

    /// <summary>Whether all combinations are there: what is not among them cannot occur.</summary>
    public bool IsExact { get; private set; } = true;

    /// <summary>Makes each combination so far, with all that it is continued by, a stratum.</summary>
    /// <param name="shares">By stratum: its share of the particles, none for 0; null gives half of them in equal parts, half by weight.</param>
    public void Stratify(double[]? shares)
    {
        strata = [.. Enumerable.Range(0, Cells.Count)];
        (StrataCount, budget) = (strata.Count, shares);
    }

    /// <summary>
    /// Multiplies the weights with the probability that <paramref name="column"/> is admitted. All may become 0 where
    /// the table is not exact.
    /// </summary>
    /// <exception cref="SynthesisException">No combination goes with it.</exception>
    public void Weigh(int column, double[] shares)
    {
        ForEach(column, (combination, probabilities) =>
        {
            double mass = 0;
            for (var cell = 0; cell < shares.Length; cell++) mass += probabilities[cell] * shares[cell];
            Weights[combination] *= mass;
        });
        if (IsExact && !(Weights.Sum() > 0)) throw new SynthesisException(SynthesisError.ImpossibleCondition, "The model knows no row that meets all conditions at once.");
    }

    /// <summary>Adds a column to the combinations. None may be left where the table is not exact.</summary>
    /// <param name="column">Among the modelled ones.</param>
    /// <param name="shares">Factors of its cells; null admits all.</param>
    /// <param name="random">Chooses particles when there are too many combinations; null refuses.</param>
    public void Add(int column, double[]? shares, SeededStream? random)
    {
        var (cells, weights, kept) = (new List<ushort[]>(), new List<double>(), new List<int>());
        ForEach(column, (combination, probabilities) =>
        {
            for (var cell = 0; cell < probabilities.Length; cell++)
            {
                var weight = Weights[combination] * probabilities[cell] * (shares?[cell] ?? 1);
                if (!(weight > 0)) continue;
                cells.Add([.. Cells[combination], (ushort)cell]);
                weights.Add(weight);
                kept.Add(strata[combination]);
            }
        });
        if (IsExact && cells.Count == 0) throw new SynthesisException(SynthesisError.ImpossibleCondition, "The model knows no row that meets all conditions at once.");
        columns.Add(column);
        (Cells, Weights, strata) = (cells, weights, kept);
        if (cells.Count > limit) Resample(random ?? throw new SynthesisException(
            SynthesisError.OptionOutOfRange, $"The columns to balance have more than {MaxCombinations} combinations of values."));
    }

    /// <summary>Systematic resampling (Kitagawa, 1996) within each stratum: combinations in proportion to their weights, equal ones once.</summary>
    private void Resample(SeededStream random)
    {
        IsExact = false;
        var (total, alive) = (Weights.Sum(), strata.Distinct().Count(stratum => ShareOf(stratum) is not 0.0));
        var (cells, weights, kept) = (new List<ushort[]>(), new List<double>(), new List<int>());
        for (int first = 0, end; first < Cells.Count; first = end)
        {
            // A stratum's combinations follow each other.
            end = first;
            double mass = 0;
            while (end < Cells.Count && strata[end] == strata[first]) mass += Weights[end++];
            var particles = Particles(strata[first], mass / total, alive);
            if (particles == 0) continue;
            double sum = 0, next = random.NextDouble();
            for (var i = first; i < end; i++)
            {
                var weight = Weights[i];
                if (end - first > particles)
                {
                    sum += Weights[i] / mass * particles;
                    var copies = 0;
                    for (; next < sum; next++) copies++;
                    if (copies == 0) continue;
                    weight = copies * mass / particles;
                }

                cells.Add(Cells[i]);
                weights.Add(weight);
                kept.Add(strata[first]);
            }
        }

        (Cells, Weights, strata) = (cells, weights, kept);
    }

    /// <summary>How many particles a stratum gets that has a share of the probability, among so many strata.</summary>
    private int Particles(int stratum, double probability, int alive) => ShareOf(stratum) switch
    {
        0.0 => 0,
        var share => Math.Max((int)Math.Round((share ?? ((probability + (1.0 / alive)) / 2)) * limit), Math.Clamp(limit / alive, 1, FewParticles)),
    };

    private double? ShareOf(int stratum) => budget?[stratum];

    private void ForEach(int column, Action<int, double[]> use)
    {
        var rows = Cells.Count;
        var known = Array.ConvertAll(given, cell => Enumerable.Repeat(cell, rows).ToArray());
        for (var i = 0; i < columns.Count; i++)
            for (var row = 0; row < rows; row++) known[columns[i]][row] = Cells[row][i];

        var layout = sampler.Network.Shape.Tokens.Columns[column];
        var memory = new InferenceMemory(sampler.Network);
        ConditionalPass.Run(sampler.Network, memory, known, [.. Enumerable.Range(0, rows)], -1, (first, count) =>
        {
            var probabilities = sampler.Distributions.Of(memory, column, count, 1);
            for (var row = 0; row < count; row++) use(first + row, Tempering.Of(layout, probabilities.AsSpan(row * layout.Cells, layout.Cells), temperature));
        });
    }
}
