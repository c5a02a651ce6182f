using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace SynthStudio.Api.Privacy;

/// <summary>
/// What private models were like that were trained on public tables, by rows and epsilon: <c>quality_curves.json</c>, as measured by
/// <c>tools/bench private-curves</c>. Says what to expect of a training before it is paid for; nothing of the owner's table is looked at.
/// </summary>
/// <param name="source">How it was measured.</param>
/// <param name="points">The measurements.</param>
internal sealed class QualityCurves(string source, IReadOnlyList<QualityPoint> points)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The curves that ship with the service.</summary>
    public static QualityCurves Shipped { get; } = Read();

    /// <summary>What to expect of each method, or of one.</summary>
    /// <remarks>
    /// Noise on a count of n rows matters as 1 / (n epsilon): curves are read at the product of rows and epsilon, on logarithmic scales, between the two
    /// nearest measurements of each table. Beyond those of a table its nearest is taken, which is rather too far off for more rows.
    /// </remarks>
    /// <param name="rows">Declared rows.</param>
    /// <param name="epsilon">The promise.</param>
    /// <param name="method">A method's name; empty for all that were measured.</param>
    public IEnumerable<V1.ExpectedQuality> Expect(long rows, double epsilon, string method)
    {
        var at = Math.Log(rows * epsilon);
        foreach (var curves in points.Where(p => method.Length == 0 || p.Method == method).GroupBy(p => p.Method))
        {
            var tables = curves.GroupBy(p => p.Table).Select(t => (Table: t.First(), Points: t.OrderBy(Product).ToList())).ToList();
            (double Low, double High) Range(Func<QualityPoint, double> of) =>
                (tables.Min(t => At(t.Points, at, of)), tables.Max(t => At(t.Points, at, of)));
            var (single, pair, seconds) = (Range(p => p.Single), Range(p => p.Pair), Range(p => p.Seconds));
            yield return new V1.ExpectedQuality
            {
                Method = curves.Key,
                ColumnDistanceLow = single.Low,
                ColumnDistanceHigh = single.High,
                PairDistanceLow = pair.Low,
                PairDistanceHigh = pair.High,
                ProcessorTime = Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds.High)),
                MemoryBytes = curves.Max(p => p.PeakMegabytes) << 20,
                BeyondMeasured = tables.TrueForAll(t => at < Product(t.Points[0]) - 1e-9 || at > Product(t.Points[^1]) + 1e-9),
                MeasuredOn = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{string.Join(", ", tables.Select(t => $"{t.Table.Table} ({t.Table.Columns} columns)"))}; {curves.Min(p => p.Rows):N0} to {curves.Max(p => p.Rows):N0} rows, epsilon {curves.Min(p => p.Epsilon)} to {curves.Max(p => p.Epsilon)}; {source}"),
            };
        }
    }

    private static double Product(QualityPoint point) => Math.Log(point.Rows * point.Epsilon);

    private static double At(List<QualityPoint> points, double at, Func<QualityPoint, double> of)
    {
        var after = points.FindIndex(p => Product(p) >= at);
        if (after <= 0) return of(points[after < 0 ? ^1 : 0]);
        var (low, high) = (points[after - 1], points[after]);
        var share = Product(high) > Product(low) ? (at - Product(low)) / (Product(high) - Product(low)) : 1;
        return Math.Exp((1 - share) * Math.Log(of(low)) + share * Math.Log(of(high)));
    }

    private static QualityCurves Read()
    {
        using var stream = typeof(QualityCurves).Assembly.GetManifestResourceStream("quality_curves.json")!;
        var file = JsonSerializer.Deserialize<CurvesFile>(stream, Json)!;
        return new QualityCurves(file.Source, file.Points);
    }

    private sealed record CurvesFile(string Source, IReadOnlyList<QualityPoint> Points);
}

/// <summary>One measurement.</summary>
/// <param name="Table">A public table.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Method">The method.</param>
/// <param name="Rows">Rows that were learned, declared.</param>
/// <param name="Epsilon">The promise.</param>
/// <param name="Single">Mean total variation distance of columns between drawn and learned rows.</param>
/// <param name="Pair">The same of pairs of columns.</param>
/// <param name="Seconds">Processor seconds of training and drawing as many rows.</param>
/// <param name="PeakMegabytes">Highest memory of the process.</param>
internal sealed record QualityPoint(
    string Table, int Columns, string Method, int Rows, double Epsilon, double Single, double Pair, double Seconds, long PeakMegabytes);
