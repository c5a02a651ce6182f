namespace SynthStudio.Synthesis.Encoding;

/// <summary>Spells the cells of a numeric column in tokens and computes their features.</summary>
internal static class NumericLayout
{
    /// <summary>Up to this many cells are spelled by one token each.</summary>
    private const int MaxSingleTokenCells = 320;

    /// <summary>Groups of about equal mass that the cells of a larger column are gathered in; one coarse token each.</summary>
    private const int Groups = 32;

    /// <summary>Most cells in a group: the fine tokens.</summary>
    private const int GroupCells = 32;

    /// <summary>A single value with at least this share of the rows gets a coarse token of its own.</summary>
    private const double SpikeShare = 0.01;

    /// <summary>Frequencies of the sine and cosine features.</summary>
    private const int Octaves = 5;

    private const int FeatureCount = 3 + 2 * Octaves;

    public static ColumnLayout Create(NumericCell[] cells, long missingCount)
    {
        var total = cells.Length + (missingCount > 0 ? 1 : 0);
        var coarse = new int[total];
        var fine = new int[total];
        Array.Fill(fine, -1);
        var coarseCount = cells.Length <= MaxSingleTokenCells ? SpellSingly(cells, coarse) : SpellInGroups(cells, coarse, fine);
        if (missingCount > 0) coarse[^1] = coarseCount++;
        return new ColumnLayout
        {
            Coarse = coarse,
            Fine = fine,
            CoarseCount = coarseCount,
            FineCount = total == 0 ? 0 : fine.Max() + 1,
            Features = Features(cells, total),
            FeatureCount = cells.Length > 1 ? FeatureCount : 0,
            Drawable = Enumerable.Repeat(true, total).ToArray(),
            Counts = missingCount > 0 ? [.. cells.Select(c => c.Count), missingCount] : [.. cells.Select(c => c.Count)],
        };
    }

    private static int SpellSingly(NumericCell[] cells, int[] coarse)
    {
        for (var i = 0; i < cells.Length; i++) coarse[i] = i;
        return cells.Length;
    }

    private static int SpellInGroups(NumericCell[] cells, int[] coarse, int[] fine)
    {
        var rows = cells.Sum(c => c.Count);
        bool IsSpike(NumericCell cell) => cell.Pieces.Length == 1 && cell.Pieces[0].Low == cell.Pieces[0].High && cell.Count >= SpikeShare * rows;
        var groupMass = cells.Where(c => !IsSpike(c)).Sum(c => c.Count) / (double)Groups;
        var next = 0;
        int group = -1, inGroup = 0;
        double mass = 0;
        for (var i = 0; i < cells.Length; i++)
        {
            if (IsSpike(cells[i]))
            {
                coarse[i] = next++;
                continue;
            }

            if (group < 0 || inGroup == GroupCells || mass >= groupMass)
            {
                group = next++;
                inGroup = 0;
                mass = 0;
            }

            coarse[i] = group;
            fine[i] = inGroup++;
            mass += cells[i].Count;
        }

        return next;
    }

    /// <summary>By cell: rank, standardised value, asinh of the value in units of its spread, then sines and cosines of the rank.</summary>
    private static float[] Features(NumericCell[] cells, int total)
    {
        if (cells.Length < 2) return [];
        var center = Array.ConvertAll(cells, cell => cell.Center());
        var weight = Array.ConvertAll(cells, cell => (double)cell.Count);
        var rank = new double[cells.Length];
        double below = 0, rows = weight.Sum();
        for (var i = 0; i < rank.Length; i++)
        {
            rank[i] = (below + weight[i] / 2) / rows;
            below += weight[i];
        }

        double ValueAt(double quantile) => center[Math.Max(Array.FindIndex(rank, r => r >= quantile), 0)];
        var median = ValueAt(0.5);
        var spread = Math.Max((ValueAt(0.75) - ValueAt(0.25)) / 2, 1e-3 * (center[^1] - center[0]));
        double[][] columns =
        [
            Standardise(rank, weight),
            Standardise(center, weight),
            Standardise(Array.ConvertAll(center, x => Math.Asinh((x - median) / spread)), weight),
            .. Enumerable.Range(0, Octaves).SelectMany(octave => new Func<double, double>[]
                {
                    u => Math.Sin(Math.PI * (1 << octave) * u), u => Math.Cos(Math.PI * (1 << octave) * u),
                }).Select(f => Array.ConvertAll(rank, u => f(u))),
        ];
        var features = new float[total * FeatureCount];
        for (var i = 0; i < cells.Length; i++)
            for (var f = 0; f < FeatureCount; f++)
                features[i * FeatureCount + f] = (float)Math.Clamp(columns[f][i], -5, 5);

        return features;
    }

    private static double[] Standardise(double[] values, double[] weight)
    {
        double rows = weight.Sum(), mean = 0, variance = 0;
        for (var i = 0; i < values.Length; i++) mean += weight[i] / rows * values[i];
        for (var i = 0; i < values.Length; i++) variance += weight[i] / rows * (values[i] - mean) * (values[i] - mean);
        var scale = variance > 0 ? 1 / Math.Sqrt(variance) : 0;
        return Array.ConvertAll(values, value => (value - mean) * scale);
    }
}
