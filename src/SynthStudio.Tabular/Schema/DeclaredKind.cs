namespace SynthStudio.Tabular;

/// <summary>What a schema file may say of a column: a <see cref="ColumnKind"/>, or <see cref="Numerical"/>, which the data make precise.</summary>
public enum DeclaredKind
{
    /// <summary>Integer or decimal with its places, whichever the data show.</summary>
    Numerical,
    Integer,
    Decimal,

    /// <summary>Texts, in the order that the declaration gives them if it gives one.</summary>
    Categorical,
    Boolean,

    /// <summary>A moment or a day, whichever the data show.</summary>
    DateTime,
    Date,
    Time,
    Duration,
    Text,
    Identifier,
    Ignored,
}
