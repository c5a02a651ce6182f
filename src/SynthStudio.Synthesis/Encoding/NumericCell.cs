namespace SynthStudio.Synthesis.Encoding;

/// <summary>One cell of a numeric column: values that the model does not tell apart.</summary>
/// <param name="Count">Training rows in the cell.</param>
/// <param name="Pieces">Where its values lie.</param>
public sealed record NumericCell(long Count, NumericPiece[] Pieces)
{
    /// <summary>Mean of the values the cell decodes to.</summary>
    public double Center()
    {
        double sum = 0, weight = 0;
        foreach (var piece in Pieces)
        {
            sum += piece.Weight * (piece.Low + piece.High) / 2;
            weight += piece.Weight;
        }

        return sum / weight;
    }

    /// <summary>The share of the cell's values that are written as <paramref name="value"/>: of a range, what lies within half a quantum of it.</summary>
    internal double ShareOf(double value, double quantum)
    {
        double share = 0, weight = 0;
        foreach (var (low, high, mass) in Pieces)
        {
            weight += mass;
            if (low == high) share += low == value ? mass : 0;
            else share += mass * Math.Max(0, Math.Min(high - value, quantum / 2) + Math.Min(value - low, quantum / 2)) / (high - low);
        }

        return weight > 0 ? share / weight : 0;
    }
}
