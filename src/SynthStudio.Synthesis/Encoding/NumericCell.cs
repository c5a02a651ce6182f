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
}
