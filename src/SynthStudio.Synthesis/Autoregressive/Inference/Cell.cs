namespace SynthStudio.Synthesis.Autoregressive.Inference;

/// <summary>Numbers that stand for no cell of a column.</summary>
internal static class Cell
{
    /// <summary>Not known yet: to be drawn.</summary>
    public const ushort Unset = ushort.MaxValue;
}
