using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Constraints;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

/// <summary>Fits and draws by a method's name, in one line.</summary>
internal static class Methods
{
    public static ITabularModel Fit(string method, Table table, long seed = 1, int threads = 2, params (string Name, string Value)[] options) =>
        Synthesizers.Get(method).Fit(
            table,
            new FitRequest { Seed = seed, Threads = threads, Device = Device.Cpu, Options = options.ToDictionary(o => o.Name, o => o.Value) },
            new Observer(),
            CancellationToken.None);

    public static Table Draw(ITabularModel model, int rows, long seed = 1, params (string Column, string? Value)[] given) =>
        model.Sample(InOneChunk(rows, seed, given), CancellationToken.None).Single();

    /// <summary>The same, with how the rules of the schema fared.</summary>
    public static (Table Rows, ConstraintReport Report) DrawWithReport(ITabularModel model, int rows) => DrawWithReport(model, InOneChunk(rows, seed: 1));

    /// <summary>The rows of a request for one chunk, with how the rules of the schema fared.</summary>
    public static (Table Rows, ConstraintReport Report) DrawWithReport(ITabularModel model, SampleRequest request)
    {
        ConstraintReport? report = null;
        var rows = model.Sample(request with { Reported = newest => report = newest }, CancellationToken.None).Single();
        return (rows, report!);
    }

    private static SampleRequest InOneChunk(int rows, long seed, params (string Column, string? Value)[] given) => new()
    {
        Rows = rows, Seed = seed, ChunkRows = rows, FirstChunkRows = rows, Given = given.ToDictionary(g => g.Column, g => Condition.Is(g.Value)),
    };

    /// <summary>The texts of a coded column.</summary>
    public static string?[] Texts(this Table table, string column) =>
        [.. Enumerable.Range(0, table.RowCount).Select(row => ((CodedColumn)table[column]).Text(row))];

    /// <summary>The numbers of a numeric column.</summary>
    public static double[] Values(this Table table, string column) => ((NumericColumn)table[column]).Values;

    /// <summary>The share of rows for which something holds.</summary>
    public static double Share<T>(this IEnumerable<T> rows, Func<T, bool> holds) => rows.Average(row => holds(row) ? 1.0 : 0.0);

    /// <summary>Pearson's correlation of the rows that have both values.</summary>
    public static double Correlation(double[] x, double[] y)
    {
        var both = Enumerable.Range(0, x.Length).Where(i => !double.IsNaN(x[i]) && !double.IsNaN(y[i])).ToArray();
        double meanX = both.Average(i => x[i]), meanY = both.Average(i => y[i]);
        var covariance = both.Average(i => (x[i] - meanX) * (y[i] - meanY));
        return covariance / Math.Sqrt(both.Average(i => (x[i] - meanX) * (x[i] - meanX)) * both.Average(i => (y[i] - meanY) * (y[i] - meanY)));
    }
}
