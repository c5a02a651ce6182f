namespace SynthStudio.Synthesis.Conditions;

/// <summary>What the cell of a column must satisfy in every drawn row. Values are texts in the source's spelling.</summary>
public abstract record Condition
{
    private protected Condition()
    {
    }

    /// <summary>What a method must be capable of to meet this condition.</summary>
    public abstract Capabilities Demands { get; }

    /// <summary>The value is <paramref name="value"/>; null asks for a missing one.</summary>
    public static Condition Is(string? value) => new ValuesCondition([value]);

    /// <summary>The value is one of <paramref name="values"/>, in the shares they have in the model; null admits a missing one.</summary>
    public static Condition OneOf(params IReadOnlyList<string?> values) => new ValuesCondition(values);

    /// <summary>The value lies between two bounds, and is not missing; null leaves a side open.</summary>
    public static Condition Between(RangeBound? low, RangeBound? high) => new RangeCondition(low, high);

    /// <summary>The value is like <paramref name="value"/>, which the model drew: the same, or another that it invents where it invented this one.</summary>
    public static Condition Like(string? value) => new LikeCondition(value);

    /// <summary>There is a value.</summary>
    public static Condition NotMissing() => new NotMissingCondition();
}
