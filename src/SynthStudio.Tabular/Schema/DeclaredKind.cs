namespace SynthStudio.Tabular;

/// <summary>What a schema file may say of a column: a <see cref="ColumnKind"/>, or <see cref="Numerical"/>, which the data make precise.</summary>
public enum DeclaredKind
{
    /// <summary>Integer or decimal with its places, whichever the data show.</summary>
    Numerical,
    Integer,
    Decimal,
    Categorical,
    Boolean,

    /// <summary>A moment or a day, whichever the data show.</summary>
    DateTime,
    Date,
    Time,
    Text,
    Identifier,
    Ignored,
}
