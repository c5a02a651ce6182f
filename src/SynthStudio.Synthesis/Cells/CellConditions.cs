namespace SynthStudio.Synthesis.Cells;

/// <summary>Which cells a drawn row may have.</summary>
/// <param name="allowed">By modelled column: by cell whether it is allowed; null where any drawable cell is.</param>
internal sealed class CellConditions(bool[]?[] allowed)
{
    /// <summary>Whether any column is restricted.</summary>
    public bool Any => Array.Exists(allowed, mask => mask is not null);

    /// <summary>The allowed cells of a modelled column; null when it is free.</summary>
    public bool[]? this[int column] => allowed[column];
}
