namespace SynthStudio.Synthesis.Encoding;

/// <summary>A condition on a column, understood.</summary>
/// <param name="Cell">The cell the model is given.</param>
/// <param name="Number">The exact value of a numeric column; NaN when missing or not numeric.</param>
/// <param name="Text">The exact text of a coded column; null when missing or numeric.</param>
public readonly record struct GivenValue(ushort Cell, double Number, string? Text);
