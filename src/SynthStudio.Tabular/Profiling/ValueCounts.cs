using System.Text;

namespace SynthStudio.Tabular;

/// <summary>
/// Distinct numbers with their counts. Moments are exact whatever the number of values, unless their squares are too large for a
/// double; beyond <c>most</c> distinct ones quantiles and histogram come from a uniform sample of the distinct values (reservoir,
/// Vitter's algorithm R).
/// </summary>
internal sealed class ValueCounts(int most)
{
    private static readonly double[] Shares = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

    private readonly Random random = new(1);
    private double[] values = new double[16];
    private long[] counts = new long[16];
    private int kept;
    private double rows;
    private double mean;
    private double squares;
    private double minimum = double.PositiveInfinity;
    private double maximum = double.NegativeInfinity;
    private long zeros;
    private long negative;

    /// <summary>Distinct texts that were added; spellings of one number (1 and 1.0) are counted once while no sample is taken.</summary>
    public long Count { get; private set; }

    public void Add(double value, long count)
    {
        Count++;
        var delta = value - mean;
        rows += count;
        mean += delta * count / rows;
        squares += delta * (value - mean) * count;
        minimum = Math.Min(minimum, value);
        maximum = Math.Max(maximum, value);
        zeros += value == 0 ? count : 0;
        negative += value < 0 ? count : 0;
        Keep(value, count);
    }

    /// <summary>The summary; null when there is no value.</summary>
    public NumberSummary? Summarise(ColumnSchema schema, int bins)
    {
        if (Count == 0)
        {
            return null;
        }

        Array.Sort(values, counts, 0, kept);
        var (center, deviation) = Moments();
        return new NumberSummary
        {
            Minimum = minimum,
            Maximum = maximum,
            Mean = center,
            StandardDeviation = deviation,
            Zeros = zeros,
            Negative = negative,
            Quantiles = Quantiles(),
            Histogram = Histogram(bins),
            Sampled = Count > kept,
            MinimumText = Written(schema, minimum),
            MaximumText = Written(schema, maximum),
        };
    }

    private static string Written(ColumnSchema schema, double value)
    {
        var isSpelled = Spellings.Has(schema);
        Span<byte> text = new byte[isSpelled ? Spellings.Of(schema).MostBytes : NumberWriter.MostBytes];
        var written = isSpelled ? Spellings.Of(schema).Write(text, value) : new NumberWriter(schema).Write(text, value);
        return Encoding.UTF8.GetString(text[..written]);
    }

    /// <summary>Where squares overflow, in units of the largest magnitude, over what was kept.</summary>
    private (double Mean, double Deviation) Moments()
    {
        if (double.IsFinite(mean) && double.IsFinite(squares)) return (mean, rows > 1 ? Math.Sqrt(squares / (rows - 1)) : 0);
        var unit = Math.Max(Math.Abs(minimum), Math.Abs(maximum));
        double total = 0, sum = 0, square = 0;
        for (var i = 0; i < kept; i++) (total, sum) = (total + counts[i], sum + (values[i] / unit * counts[i]));
        var center = sum / total;
        for (var i = 0; i < kept; i++) square += counts[i] * ((values[i] / unit) - center) * ((values[i] / unit) - center);
        return (Math.Clamp(center, -1, 1) * unit, Math.Min(Math.Sqrt(square / Math.Max(total - 1, 1)) * unit, double.MaxValue));
    }

    private void Keep(double value, long count)
    {
        var place = kept;
        if (kept == most)
        {
            var drawn = random.NextInt64(Count);
            if (drawn >= most)
            {
                return;
            }

            place = (int)drawn;
        }
        else if (kept++ == values.Length)
        {
            Array.Resize(ref values, Math.Min(most, kept * 2));
            Array.Resize(ref counts, values.Length);
        }

        values[place] = value;
        counts[place] = count;
    }

    private List<Quantile> Quantiles()
    {
        var total = counts.AsSpan(0, kept).ToArray().Sum();
        var quantiles = new List<Quantile>();
        long below = 0;
        var at = 0;
        foreach (var share in Shares)
        {
            while (at < kept - 1 && below + counts[at] < share * total)
            {
                below += counts[at++];
            }

            quantiles.Add(new Quantile(share, values[at]));
        }

        return quantiles;
    }

    private List<HistogramBin> Histogram(int bins)
    {
        bins = minimum == maximum ? 1 : bins;
        var width = (maximum / bins) - (minimum / bins);
        var isWide = !double.IsFinite(maximum - minimum); // Then the distance of two values is no number, but parts of it are.
        var filled = new double[bins];
        double sum = 0;
        for (var i = 0; i < kept; i++)
        {
            var bin = bins == 1 ? 0 : Math.Clamp((int)(isWide ? (values[i] / width) - (minimum / width) : (values[i] - minimum) / width), 0, bins - 1);
            filled[bin] += counts[i];
            sum += counts[i];
        }

        return [.. filled.Select((f, i) => new HistogramBin(
            Edge(i), i == bins - 1 ? maximum : Edge(i + 1), (long)Math.Round(f * rows / sum)))];

        double Edge(int i) => isWide ? (minimum * (1 - ((double)i / bins))) + (maximum * ((double)i / bins)) : minimum + (i * width);
    }
}
