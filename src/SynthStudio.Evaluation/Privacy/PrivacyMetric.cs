using SynthStudio.Evaluation.Anonymity;
using SynthStudio.Evaluation.AttributeDisclosure;
using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Copies;
using SynthStudio.Evaluation.Inference;
using SynthStudio.Evaluation.Linkability;
using SynthStudio.Evaluation.Membership;
using SynthStudio.Evaluation.Outliers;
using SynthStudio.Evaluation.SinglingOut;
using SynthStudio.Evaluation.Statistics;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Privacy;

/// <summary>Runs every privacy measure that can be, and says of the others why not.</summary>
/// <param name="context">The tables and the options.</param>
/// <param name="train">The training table as it was read, for shadow models.</param>
/// <param name="realHoldout">The holdout as it was read.</param>
internal sealed class PrivacyMetric(EvaluationContext context, Table train, Table? realHoldout)
{
    private const string NoHoldout = "no holdout was given: without people the generator never saw, success of an attack means nothing";

    private readonly string? target = train.Schema.Target;

    public PrivacyResult Measure()
    {
        var (synthetic, holdout, mode) = (context.Tables.Synthetic, context.Tables.Holdout, context.Options.Attacks);
        var budget = AttackBudget.Of(mode);
        var quasi = Quasi();
        var result = new PrivacyResult
        {
            Mode = mode,
            Copies = new CopyMetric(context).Measure(synthetic, holdout, mode == PrivacyAttacks.None ? null : budget),
            Anonymity = quasi.Length == 0
                ? null
                : new AnonymityMetric(context, quasi, context.Options.QuasiIdentifiers.Count == 0, Sensitive(quasi))
                    .Measure(synthetic, holdout),
        };
        if (quasi.Length == 0)
        {
            context.Skip("anonymity", "no column looks like something others know of a person: name quasi-identifiers");
        }

        if (result.Copies.UniqueShare < 0.5)
        {
            context.Skip("exact_copies of common rows", "more than half of the training rows stand several times among the real ones: copies of those cannot be told from chance");
        }

        string[] attacks = ["near_copies", "singling_out", "linkability", "inference", "attribute_disclosure", "membership", "outlier_exposure"];
        if (mode == PrivacyAttacks.None || holdout is null)
        {
            context.SkipAll(attacks, holdout is null ? NoHoldout : "privacy attacks were not asked for");
            return result with { Tests = PrivacyTests.Of(result) };
        }

        var tables = new AttackTables(context, holdout, budget);
        result = Shadows(Attack(result with { Budget = budget }, tables, quasi), tables);
        return result with { Tests = PrivacyTests.Of(result) };
    }

    private PrivacyResult Attack(PrivacyResult result, AttackTables tables, int[] quasi)
    {
        var attacks = new List<AttackResult>();
        attacks.AddRange(new SinglingOutMetric(tables).Measure());
        if (context.Columns.Count < LinkabilityMetric.FewestColumns)
        {
            context.Skip("linkability", $"there are fewer than {LinkabilityMetric.FewestColumns} columns");
        }
        else
        {
            attacks.AddRange(new LinkabilityMetric(tables).Measure());
        }

        var secrets = Secrets();
        if (context.Columns.Count < 2)
        {
            context.SkipAll(["inference", "attribute_disclosure"], "there is only one column");
        }
        else
        {
            attacks.AddRange(new InferenceMetric(tables).Measure(secrets));
            attacks.AddRange(quasi.Length == 0 ? [] : new AttributeDisclosureMetric(tables, quasi).Measure(secrets));
        }

        return result with { Attacks = attacks, Membership = Membership(tables), Outliers = Outliers(tables) };
    }

    private IReadOnlyList<MembershipResult> Membership(AttackTables tables)
    {
        if (tables.Holdout.RowCount >= 2 * MembershipMetric.FewestPeople)
        {
            return new MembershipMetric(tables).Measure();
        }

        context.Skip("membership", $"training and holdout have fewer than {2 * MembershipMetric.FewestPeople} people each");
        return [];
    }

    private PrivacyResult Shadows(PrivacyResult result, AttackTables tables)
    {
        if (context.Options.Shadows is not { } shadows || result.Membership.Count == 0)
        {
            context.Skip("membership (shadow models)", "it trains generators again and again and was not asked for (--shadow-models 8)");
            return result;
        }

        var (facts, members, others) = new ShadowMembership(tables, shadows).Measure(train, realHoldout!);
        return result with { Shadows = facts, Membership = [.. result.Membership, MembershipMetric.Rank("shadow_models", members, others)] };
    }

    private OutlierResult? Outliers(AttackTables tables)
    {
        if (tables.Holdout.RowCount < OutlierMetric.FewestPeople)
        {
            context.Skip("outlier_exposure", $"training and holdout have fewer than {OutlierMetric.FewestPeople} people each");
            return null;
        }

        var result = new OutlierMetric(tables).Measure();
        if (result is null)
        {
            context.Skip("outlier_exposure", "all rare people are on one side");
        }

        return result;
    }

    private int[] Quasi() => context.Options.QuasiIdentifiers.Count > 0
        ? QuasiIdentifiers.Named(context.Columns, context.Options.QuasiIdentifiers)
        : QuasiIdentifiers.Guess(context.Train, target);

    /// <summary>The column that l-diversity counts: the target, unless it is known anyway.</summary>
    private int? Sensitive(int[] quasi) =>
        Enumerable.Range(0, context.Columns.Count)
            .Where(column => context.Columns[column].Name == target && !quasi.Contains(column))
            .Cast<int?>()
            .FirstOrDefault();

    /// <summary>The columns that are guessed: all, or of many the target and some at random.</summary>
    private int[] Secrets()
    {
        var most = AttackBudget.Of(context.Options.Attacks).Secrets;
        var all = Enumerable.Range(0, context.Columns.Count).ToArray();
        if (all.Length <= most)
        {
            return all;
        }

        context.Skip("inference of further columns", $"{most} of {all.Length} columns were guessed");
        var shuffled = new RandomState(context.Seed + 41).Permutation(all.Length);
        return [.. shuffled.OrderBy(column => context.Columns[column].Name == target ? 0 : 1).Take(most).Order()];
    }
}
