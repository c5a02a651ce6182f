using SynthStudio.Synthesis.Conditions;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>Conditions on their way from the user's columns to the model's, transform by transform.</summary>
internal sealed class AskedConditions
{
    /// <summary>Decimal places that differences keep: what lies behind them is rounding.</summary>
    private const int MostPlaces = 9;

    private readonly TableSchema schema;
    private readonly Capabilities capabilities;
    private readonly Dictionary<string, Condition> given;
    private readonly List<RowCheck> checks = [];

    /// <param name="schema">Of the rows that users know.</param>
    /// <param name="capabilities">What the method can be asked for.</param>
    /// <param name="given">Conditions by column.</param>
    /// <exception cref="SynthesisException">There is no such column.</exception>
    public AskedConditions(TableSchema schema, Capabilities capabilities, IReadOnlyDictionary<string, Condition> given)
    {
        (this.schema, this.capabilities, this.given) = (schema, capabilities, new Dictionary<string, Condition>(given));
        foreach (var name in given.Keys) SchemaOf(name);
    }

    /// <summary>Conditions by the model's column, once every transform has rewritten its own.</summary>
    public IReadOnlyDictionary<string, Condition> Given => given;

    /// <summary>What drawn rows must be checked for, as no condition on one of the model's columns says it.</summary>
    public IReadOnlyList<RowCheck> Checks => checks;

    /// <summary>One of the user's columns.</summary>
    /// <exception cref="SynthesisException">There is no such column.</exception>
    public ColumnSchema SchemaOf(string name) => schema.Columns.FirstOrDefault(column => column.Name == name)
        ?? throw new SynthesisException(SynthesisError.UnknownColumn, $"The model has no column '{name}'.", name);

    /// <summary>Takes away what is asked of a column; null when nothing is. Numbers are never invented: one like another is the same.</summary>
    public Condition? Take(string name) => !given.Remove(name, out var condition) ? null
        : condition is LikeCondition { Value: var drawn } && SchemaOf(name).IsNumeric ? Condition.Is(drawn) : condition;

    /// <summary>What is asked of a column; null when nothing is.</summary>
    public Condition? Of(string name) => given.GetValueOrDefault(name);

    /// <summary>The number that a column must have; null when it may have several, or be missing.</summary>
    public double? NumberOf(string name) =>
        Of(name) is ValuesCondition { Values: [{ } text] } && SchemaOf(name) is { IsNumeric: true } column ? ConditionNumbers.Read(column, text) : null;

    /// <summary>Asks something of a column, beside what is asked of it already.</summary>
    /// <exception cref="SynthesisException">Both exclude each other.</exception>
    public void Add(ColumnSchema column, Condition condition) =>
        given[column.Name] = given.TryGetValue(column.Name, out var asked) ? BothConditions.Of(column, asked, condition) : condition;

    /// <summary>Asks what follows from the rest anyway, where the method can be asked for it: fewer rows are drawn in vain.</summary>
    public void Imply(ColumnSchema column, Condition condition)
    {
        if (capabilities.HasFlag(condition.Demands) && Of(column.Name) is null or ValuesCondition or RangeCondition or NotMissingCondition)
            Add(column, condition);
    }

    /// <summary>Implies that a number lies between two others; infinite ends are open.</summary>
    public void Imply(ColumnSchema column, double low, double high)
    {
        var (least, most) = (ConditionNumbers.Bound(column, low, isHigh: false), ConditionNumbers.Bound(column, high, isHigh: true));
        if (least is not null || most is not null) Imply(column, Condition.Between(least, most));
    }

    /// <summary>Has drawn rows checked for what is asked of one of the user's columns.</summary>
    public void Check(string name, Condition condition) => checks.Add(RowCheck.Of(SchemaOf(name), condition));

    /// <summary>A condition on x as one on x - <paramref name="shift"/>.</summary>
    /// <param name="from">The column of x.</param>
    /// <param name="condition">Values or a range.</param>
    /// <param name="shift">What is taken away.</param>
    /// <param name="to">The column of the difference.</param>
    /// <exception cref="SynthesisException">No value asked for leaves a difference that its column can have.</exception>
    public static Condition Shifted(ColumnSchema from, Condition condition, double shift, ColumnSchema to)
    {
        if (condition is RangeCondition range) return Condition.Between(Bound(range.Low), Bound(range.High));
        var values = ((ValuesCondition)condition).Values;
        string?[] left = [.. values
            .Where(value => value is null || IsPossible(ConditionNumbers.Read(from, value)))
            .Select(value => value is null ? null : Text(value))];
        return left.Length > 0 ? Condition.OneOf(left) : throw new SynthesisException(
            SynthesisError.ImpossibleCondition, $"Column '{from.Name}' has no such value together with what is given of the columns that it follows from.", from.Name);

        RangeBound? Bound(RangeBound? bound) => bound is null ? null : bound with { Value = Text(bound.Value) };

        string Text(string value) => CellText.OfNumber(to, Rounded(ConditionNumbers.Read(from, value) - shift))!;

        bool IsPossible(double value) => ConditionNumbers.Same(Written(value - shift) + shift, value);

        double Written(double difference) => Math.Round(difference, Math.Min(to.Kind == ColumnKind.Integer ? 0 : to.DecimalPlaces ?? MostPlaces, MostPlaces));

        // A range may end between two values of the column.
        double Rounded(double difference) => Math.Round(difference, MostPlaces);
    }
}
