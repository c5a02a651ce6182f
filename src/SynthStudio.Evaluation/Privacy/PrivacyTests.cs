using System.Globalization;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Privacy;

/// <summary>
/// Lays the tests of all privacy measures side by side. With as many tests some are unlikely by chance: all alarms of a safe table together
/// have a chance of 1 % (weighted Bonferroni). A quarter of it is for exact copies and one for near copies, which are the worst that can
/// happen and few tests; the others have the rest in equal parts.
/// </summary>
internal static class PrivacyTests
{
    public const double FamilyErrorRate = 0.01;
    private const double CopiesShare = 0.25;

    public static IReadOnlyList<PrivacyTest> Of(PrivacyResult result)
    {
        var copies = Copies(result).ToArray();
        var others = Attacks(result).Concat(Membership(result)).Concat(Outliers(result)).ToArray();
        var left = 1 - (CopiesShare * copies.Length);
        return
        [
            .. copies.Select(test => test with { IsAlarm = test.PValue < FamilyErrorRate * CopiesShare })
                .Concat(others.Select(test => test with { IsAlarm = test.PValue < FamilyErrorRate * left / others.Length }))
                .OrderByDescending(test => test.IsAlarm).ThenBy(test => test.PValue),
        ];
    }

    private static IEnumerable<PrivacyTest> Copies(PrivacyResult result)
    {
        if (result.Copies is { ExactPValue: { } exact, ExactCopies: { } copies })
        {
            yield return Test("exact_copies", exact, $"{result.Copies.ExactRows} rows stand in training; chance explains all but {Whole(copies)} of them");
        }

        if (result.Copies is { NearPValue: { } near, NearCopies: { } people })
        {
            yield return Test("near_copies", near, $"{Whole(people)} training people have a synthetic row much closer to them than any other person, beyond what chance explains");
        }
    }

    private static IEnumerable<PrivacyTest> Attacks(PrivacyResult result) => result.Attacks.Where(attack => attack.BeatsBaseline).Select(attack => Test(
        $"{attack.Attack} ({attack.Variant})",
        attack.PValue,
        $"succeeds for {Percent(attack.Success)} of training people and {Percent(attack.Control)} of others"));

    private static IEnumerable<PrivacyTest> Membership(PrivacyResult result) => result.Membership.Select(attack => Test(
        $"membership ({attack.Attack})",
        attack.PValue,
        $"tells training people from others with AUC {Number(attack.Auc)}, and {Percent(attack.TruePositiveRate)} of them at 1 % false accusations"));

    private static IEnumerable<PrivacyTest> Outliers(PrivacyResult result) => result.Outliers is not { } outliers ? [] :
    [
        Test("outlier_exposure", outliers.PValue, $"rare training people are closer than rare others in {Percent(outliers.RareAuc)} of cases (50 % is ideal)"),
    ];

    private static PrivacyTest Test(string measure, double pValue, string finding) => new(measure, pValue, false, finding);

    private static string Percent(Estimate e) => string.Create(CultureInfo.InvariantCulture, $"{100 * e.Value:0.##} % ({100 * e.Low:0.##} to {100 * e.High:0.##})");

    private static string Number(Estimate e) => string.Create(CultureInfo.InvariantCulture, $"{e.Value:0.000} ({e.Low:0.000} to {e.High:0.000})");

    private static string Whole(Estimate e) => string.Create(CultureInfo.InvariantCulture, $"{e.Value:0} ({e.Low:0} to {e.High:0})");
}
