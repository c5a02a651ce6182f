using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Points;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>How the rules of a table's schema are kept. Stored in the model package.</summary>
internal sealed record ConstraintPlan
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The schema of the rows that come out.</summary>
    public required TableSchema Schema { get; init; }

    /// <summary>What the model learns instead, in the order of going forward.</summary>
    public required IReadOnlyList<TableTransform> Transforms { get; init; }

    /// <summary>Where columns that follow from others must stay.</summary>
    public required IReadOnlyList<ValueRange> Ranges { get; init; }

    /// <summary>What training showed.</summary>
    public required ConstraintReport Report { get; init; }

    /// <summary>
    /// Plans for a table, and gives the rows to learn, written as they are to be learned: those that break a rule are left out, which keeps
    /// ranges and missing values out of the model. No plan when there is nothing to do.
    /// </summary>
    /// <param name="table">The table, or a sample of one that is too large to be held.</param>
    /// <param name="all">All rows of such a table, in which what is found in the sample must hold; null when the table is all there is.</param>
    /// <param name="cancellation">Stops the reading of all rows.</param>
    /// <exception cref="SynthesisException">The table contradicts its rules.</exception>
    public static (ConstraintPlan? Plan, Table Learned) For(Table table, IRowSource? all, CancellationToken cancellation)
    {
        var constraints = table.Schema.Constraints;
        var rules = new TrainingRules(table.Schema);
        var learned = rules.LeaveOut(table);
        rules.RequireMostKept();
        var found = new FoundForms(
            [.. DuplicateColumn.Find(table).Where(d => constraints.All(c => !c.Columns.Contains(d.Schema.Name)))],
            [.. PointColumn.Find(learned)],
            [.. MomentPairs.Find(learned).Where(pair => constraints.All(c => TransformOrder.Computed(c) != pair.High))]);
        var (duplicates, points, following) = all is null ? found : found.HoldingIn(all, table.Schema, cancellation);
        List<TableTransform> transforms =
        [
            .. duplicates,
            .. ZonedMoment.Find(learned).Where(zoned => duplicates.All(d => d.Schema.Name != zoned.Moment.Name)),
            .. points.Where(point => duplicates.All(d => !point.Has(d.Schema.Name) && !point.Has(d.Source))),
        ];
        if (!table.Schema.Rules.Any() && transforms.Count == 0 && following.Count == 0) return (null, table);
        var plan = new ConstraintPlan { Schema = SchemaOf(table.Schema), Transforms = transforms, Ranges = [], Report = rules.Report };
        var ranges = new List<ValueRange>();
        foreach (var transform in transforms) learned = transform.Forward(learned);
        foreach (var constraint in TransformOrder.Of([.. constraints, .. following]))
        {
            if (constraint.Columns.Any(name => learned.Schema.Columns.All(c => c.Name != name))) continue;
            TableTransform? transform = constraint switch
            {
                FixedCombinationsConstraint combinations => JoinedColumns.Fit(combinations.Combined, learned),
                InequalityConstraint inequality => DifferenceColumn.Fit(inequality.Low, inequality.High, learned),
                SumConstraint sum => ComputedTotal.Fit(sum, learned),
                _ => null,
            };
            if (transform is null) continue;
            if (TransformOrder.Computed(constraint) is { } computed) ranges.Add(ValueRange.Of((NumericColumn)learned[computed]));
            transforms.Add(transform);
            learned = transform.Forward(learned);
        }

        return (plan with { Ranges = ranges }, learned);
    }

    /// <summary>The plan that only checks drawn rows: nothing of it comes from the training table.</summary>
    /// <param name="drawn">Schema of the rows that come out.</param>
    public static ConstraintPlan Checking(TableSchema drawn) => new()
    {
        Schema = SchemaOf(drawn), Transforms = [], Ranges = [], Report = new ConstraintReport { BrokenInTraining = new Dictionary<string, long>() },
    };

    /// <summary>Everything that drawn rows are checked for.</summary>
    public IEnumerable<RowCheck> Checks() => [.. RowCheck.Of(Schema), .. Ranges.Select(RowCheck.Within)];

    /// <summary>
    /// Keys that must not repeat in a sample. Identifiers that must be unique by themselves are new in every row anyway, unless an older model learned
    /// them in combinations.
    /// </summary>
    public IEnumerable<UniqueConstraint> Keys() => Schema.Constraints.OfType<UniqueConstraint>().Where(unique => !unique.Key.Any(IsNewInEveryRow));

    private bool IsNewInEveryRow(string column) => Schema.Columns.Any(c => c.Name == column && c is { Kind: ColumnKind.Identifier, Class: null })
        && Schema.Constraints.OfType<UniqueConstraint>().Any(unique => unique.Key is [var only] && only == column)
        && !Transforms.OfType<JoinedColumns>().Any(joined => joined.Columns.Any(c => c.Name == column));

    /// <summary>A request whose shares are those of the model's columns.</summary>
    /// <exception cref="SynthesisException">A column to balance is unknown, or the model has it in another form only.</exception>
    public SampleRequest Balance(SampleRequest request) => request with
    {
        Rebalance = request.Rebalance.GroupBy(shares => NameOf(shares.Key)).ToDictionary(
            group => group.Key,
            group => group.Count() == 1 ? group.First().Value : throw new SynthesisException(
                SynthesisError.OptionOutOfRange, $"Columns {string.Join(" and ", group.Select(shares => shares.Key))} say the same: balance one of them.", group.Key)),
        Fairness = request.Fairness is { } fair ? new FairnessRequest(NameOf(fair.Target), NameOf(fair.Sensitive)) : null,
    };

    /// <summary>Rewrites conditions as those on the model's columns.</summary>
    /// <exception cref="SynthesisException">A condition that no drawing of rows would meet.</exception>
    public AskedConditions Translate(AskedConditions asked)
    {
        // Columns that follow from others stay where they were in training: what is asked of one is asked of these values.
        foreach (var (name, least, most) in Ranges)
        {
            if (asked.Of(name) is RangeCondition || (asked.Of(name) is ValuesCondition { Values: var values } && !values.Contains(null)))
                asked.Imply(asked.SchemaOf(name), least, most);
        }

        foreach (var transform in Transforms) transform.Translate(asked);
        return asked;
    }

    /// <summary>Name of the model's column that is a column of the rows that come out.</summary>
    /// <exception cref="SynthesisException">There is no such column, or the model has it in another form only.</exception>
    public string NameOf(string column) => Schema.Columns.Any(known => known.Name == column)
        ? Transforms.Aggregate(column, (name, transform) => transform.NameOf(name))
        : throw new SynthesisException(SynthesisError.UnknownColumn, $"The model has no column '{column}'.", column);

    /// <summary>Rows as they are learned.</summary>
    public Table Forward(Table table) => Transforms.Aggregate(table, (rows, transform) => transform.Forward(rows));

    /// <summary>Drawn rows as users know them.</summary>
    public Table Backward(Table drawn)
    {
        for (var i = Transforms.Count - 1; i >= 0; i--) drawn = Transforms[i].Backward(drawn);
        return new Table(Schema, [.. Schema.Columns.Select(column => drawn[column.Name])]);
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="SynthesisException">The text is no plan.</exception>
    public static ConstraintPlan FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            var plan = JsonSerializer.Deserialize<ConstraintPlan>(json, Json);
            return IsWhole(plan) ? plan : throw new JsonException("A part of the plan is null.");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or ArgumentException)
        {
            throw new SynthesisException(SynthesisError.PackageCorrupt, "The model package holds constraints that cannot be read.", inner: error);
        }
    }

    /// <summary>Whether nothing is null that no model writes as null. Transforms look at their own parts.</summary>
    private static bool IsWhole([NotNullWhen(true)] ConstraintPlan? plan) =>
        plan is { Schema: { Columns: not null, Constraints: not null, ColumnRules: not null, Domains: not null, Population: not null } schema }
        && plan is { Transforms: not null, Ranges: not null, Report: { BrokenInTraining: not null, Rejected: not null } }
        && schema.Columns.All(column => column is { Name: not null }) && schema.Rules.All(rule => rule is { Name: not null })
        && plan.Transforms.All(transform => transform is not null) && plan.Ranges.All(range => range is { Column: not null });

    /// <summary>Ignored columns do not come out; those of a not-null rule have no missing values.</summary>
    public static TableSchema SchemaOf(TableSchema schema)
    {
        var present = schema.Constraints.OfType<NotNullConstraint>().SelectMany(c => c.Present).ToHashSet(StringComparer.Ordinal);
        var kept = schema.Columns.Where(c => c.Kind != ColumnKind.Ignored).Select(c => present.Contains(c.Name) ? c with { Nullable = false } : c).ToList();
        var target = kept.Exists(column => column.Name == schema.Target);
        return schema with { Columns = kept, Target = target ? schema.Target : null, Task = target ? schema.Task : null };
    }
}
