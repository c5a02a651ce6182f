using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;

namespace SynthStudio.Synthesis.Copula;

/// <summary>Thresholds, which follow from the codec's counts, and the correlations of the latent variables.</summary>
internal sealed class CopulaModel : CellModel
{
    /// <summary>The metric that tells how many variables a category has at most.</summary>
    public const string CategoryVariablesMetric = "category_variables";

    private const string CorrelationsEntry = "correlations.bin", CorrelationsTensor = "lower_triangle";

    private readonly IReadOnlyList<LatentColumn> columns;
    private readonly float[] packed;
    private readonly double[,] correlations;

    /// <param name="codec">How values become cells.</param>
    /// <param name="columns">By modelled column.</param>
    /// <param name="packed">Correlations as <see cref="Pack"/> gives them.</param>
    /// <param name="metrics">What training measured.</param>
    /// <param name="threads">Blocks that are drawn side by side.</param>
    /// <exception cref="InvalidDataException">The correlations are not those of such columns.</exception>
    public CopulaModel(
        TableCodec codec, IReadOnlyList<LatentColumn> columns, float[] packed, IReadOnlyDictionary<string, double> metrics, int threads)
        : base(codec, metrics, threads)
    {
        (this.columns, this.packed) = (columns, packed);
        correlations = Unpack(packed, columns.Sum(column => column.Count));
        if (!Cholesky.Exists(correlations, 0)) throw new InvalidDataException("the correlations are not positive definite");
    }

    public override string Method => CopulaSynthesizer.Name;

    /// <summary>The correlations below the diagonal, row by row, in the precision in which they are kept.</summary>
    public static float[] Pack(double[,] correlations)
    {
        var packed = new List<float>();
        for (var i = 0; i < correlations.GetLength(0); i++)
            for (var j = 0; j < i; j++)
                packed.Add((float)correlations[i, j]);

        return [.. packed];
    }

    /// <exception cref="SynthesisException">The package does not fit together.</exception>
    public static CopulaModel Load(ModelPackage package, int threads)
    {
        var codec = TableCodec.FromJson(package[CodecEntry]);
        try
        {
            var metrics = package.Manifest.Metrics;
            var most = (int)Math.Clamp(metrics.GetValueOrDefault(CategoryVariablesMetric, 1), 1, 64);
            var tensors = TensorFile.FromBytes(package[CorrelationsEntry]).Tensors;
            return new CopulaModel(codec, CopulaSynthesizer.LatentColumns(codec, most), tensors[CorrelationsTensor], metrics, threads);
        }
        catch (Exception error) when (error is InvalidDataException or KeyNotFoundException)
        {
            throw new SynthesisException(SynthesisError.PackageCorrupt, $"The model package is damaged: {error.Message}", inner: error);
        }
    }

    protected override IReadOnlyDictionary<string, byte[]> Entries() => new Dictionary<string, byte[]>
    {
        [CorrelationsEntry] = new TensorFile { Tensors = { [CorrelationsTensor] = packed } }.ToBytes(),
    };

    protected override ICellSampler Prepare(CellConditions conditions, double temperature, long seed) =>
        new CopulaSampler(columns, correlations, conditions, seed);

    private static double[,] Unpack(float[] packed, int count)
    {
        if (packed.Length != count * (count - 1) / 2) throw new InvalidDataException("the number of correlations does not match the columns");
        var matrix = new double[count, count];
        for (int i = 0, next = 0; i < count; i++)
        {
            matrix[i, i] = 1;
            for (var j = 0; j < i; j++) matrix[i, j] = matrix[j, i] = packed[next++];
        }

        return matrix;
    }
}
