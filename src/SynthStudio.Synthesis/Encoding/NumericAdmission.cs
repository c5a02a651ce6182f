namespace SynthStudio.Synthesis.Encoding;

/// <summary>Cuts the cells of a numeric column down to the values that a condition admits.</summary>
internal static class NumericAdmission
{
    /// <summary>Least share of a cell that a value in it has: also values between those of the training table can be asked for.</summary>
    private const double LeastShare = 1e-9;

    /// <summary>The cells reduced to some values.</summary>
    /// <param name="cells">By cell.</param>
    /// <param name="values">By cell, the values asked for in it.</param>
    /// <param name="quantum">Distance of neighbouring values: what a density is multiplied with to get the mass of a value.</param>
    public static (NumericCell[] Cells, double[] Shares) Values(NumericCell[] cells, ILookup<int, double> values, double quantum) => Reduce(cells, i =>
        values[i].Select(value => new NumericPiece(value, value, Math.Max(MassOf(cells[i], value, quantum), LeastShare * cells[i].Count))));

    /// <summary>The cells reduced to ranges.</summary>
    /// <param name="cells">By cell.</param>
    /// <param name="admits">Whether a value lies in one of them.</param>
    /// <param name="ranges">Where densities begin to count, half a grid step below the smallest value in a range, and where they end.</param>
    public static (NumericCell[] Cells, double[] Shares) Ranges(NumericCell[] cells, Predicate<double> admits, IReadOnlyList<(double Low, double High)> ranges)
    {
        return Reduce(cells, i => cells[i].Pieces.SelectMany(Left));

        IEnumerable<NumericPiece> Left(NumericPiece piece) => piece.Low == piece.High
            ? [piece with { Weight = admits(piece.Low) ? piece.Weight : 0 }]
            : ranges
                .Where(range => range.Low < piece.High && range.High > piece.Low)
                .Select(range => Cut(piece, Math.Max(piece.Low, range.Low), Math.Min(piece.High, range.High)));
    }

    private static NumericPiece Cut(NumericPiece piece, double low, double high) =>
        low < high ? new NumericPiece(low, high, piece.Weight * (high - low) / (piece.High - piece.Low)) : piece with { Weight = 0 };

    private static double MassOf(NumericCell cell, double value, double quantum)
    {
        double mass = 0;
        foreach (var (low, high, weight) in cell.Pieces)
        {
            if (low == high) mass += low == value ? weight : 0;
            else if (low <= value && value <= high) mass += weight * Math.Min(1, quantum / (high - low));
        }

        return mass;
    }

    /// <summary>The pieces that are left in each cell, scaled to the cell's count as the decoder expects them.</summary>
    private static (NumericCell[] Cells, double[] Shares) Reduce(NumericCell[] cells, Func<int, IEnumerable<NumericPiece>> left)
    {
        var reduced = (NumericCell[])cells.Clone();
        var shares = new double[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            var pieces = left(i).Where(piece => piece.Weight > 0).ToArray();
            if (pieces.Length == 0) continue;
            var mass = pieces.Sum(piece => piece.Weight);
            shares[i] = Math.Min(mass / cells[i].Count, 1);
            reduced[i] = cells[i] with { Pieces = Array.ConvertAll(pieces, piece => piece with { Weight = piece.Weight * cells[i].Count / mass }) };
        }

        return (reduced, shares);
    }
}
