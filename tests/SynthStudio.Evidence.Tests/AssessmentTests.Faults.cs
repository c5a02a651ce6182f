using SynthStudio.Evidence.Facts;
using SynthStudio.Evidence.Queries;

namespace SynthStudio.Evidence.Tests;

/// <summary>What is wrong in a project is told, each fault by the query that asks for it.</summary>
public sealed partial class AssessmentTests
{
    private static ProjectFacts Imported => Made.Careful with
    {
        Generators =
        [
            Made.Careful.Generators[0] with
            {
                Promise = null, LearnedIdentifiers = null, Dataset = "",
                Origin = new OriginFacts("there", "projects/x/generators/y", "them", "key", .5),
            },
        ],
    };

    private static ProjectFacts Moved(string tls) =>
        Made.Careful with
        {
            Connections =
            [
                new ConnectionFacts(
                    new FactSource($"{Made.Project}/connections/db"), "db.example.org", tls, [Made.Dataset], [Made.Rows], []),
            ],
        };

    public static IEnumerable<object[]> Faults =>
    [
        ["trail-sound", Made.Careful with { Trail = Made.Careful.Trail with { IsSound = false, Faults = ["Line 2 is missing."] } },
            Outcome.Gap, "Line 2 is missing."],
        ["trail-sound", Made.Careful with { Trail = Made.Careful.Trail with { Restores = ["Lines 2 to 3, which were signed, are lost."] } },
            Outcome.Partly, "Lines 2 to 3, which were signed, are lost."],
        ["changes", Made.Careful with { Trail = Made.Careful.Trail with { Unended = 2 } },
            Outcome.Partly, "Of 2 further calls the trail says who began what, and not how it ended: it may still run"],
        ["singling-out", With(new TestFacts("singling_out (univariate)", 1e-6, true, "succeeds too often")),
            Outcome.Gap, "Alarm in evaluation e, singling out (univariate): succeeds too often."],
        ["attacks", With(new TestFacts("membership (nearest)", 1e-6, true, "tells members")),
            Outcome.Gap, "Alarm in evaluation e, membership (nearest): tells members."],
        ["promise", Made.Careful with { Generators = [Made.Careful.Generators[0] with { Promise = null }] },
            Outcome.Gap, "trained without differential privacy"],
        ["promise", Made.Careful with
        {
            Generators = [Made.Careful.Generators[0] with { Promise = Made.Careful.Generators[0].Promise! with { Epsilon = 50 } }],
        }, Outcome.Partly, "an epsilon of 50 promises little"],
        ["unit-of-privacy", Made.Careful with
        {
            Generators = [Made.Careful.Generators[0] with { Promise = Made.Careful.Generators[0].Promise! with { Unit = "row" } }],
        }, Outcome.Partly, "the owner's statement"],
        ["learned-identifiers", Made.Careful with { Generators = [Made.Careful.Generators[0] with { LearnedIdentifiers = ["mail"] }] },
            Outcome.Gap, "learns with their values: mail."],
        ["learned-identifiers", Made.Careful with { Generators = [Made.Careful.Generators[0] with { LearnedIdentifiers = null }] },
            Outcome.NotMeasured, "its table is not stored here"],
        ["promise", Imported, Outcome.Gap, "its package claims an epsilon of 0.5, which is not accounted for"],
        ["provenance", Imported, Outcome.Partly, "was imported: of which rows it learned, nothing is stored here."],
        ["encryption-at-rest", Made.Careful with { Datasets = [Made.Careful.Datasets[0] with { IsEncrypted = false }] },
            Outcome.Partly, "before encryption was on"],
        ["marks", Made.Careful with
        {
            Datasets = [Made.Careful.Datasets[0] with { Columns = [Made.Careful.Datasets[0].Columns[0] with { Mark = "Unspecified" }] }],
        }, Outcome.Gap, "mail (direct identifier)"],
        ["k-anonymity", Made.Careful with { Datasets = [Made.Careful.Datasets[0] with { Anonymity = [] }] },
            Outcome.NotMeasured, "not measured"],
        ["releases", Made.Careful with
        {
            Datasets = [Made.Careful.Datasets[0] with { Budgets = [Made.Careful.Datasets[0].Budgets[0] with { NonPrivateReleases = 2 }] }],
        }, Outcome.Partly, "2 releases"],
        ["retention-kept", Made.Careful with { Retention = Made.Careful.Retention with { Overdue = [Made.Dataset] } },
            Outcome.Partly, Made.Dataset],
        ["real-rows", Made.Careful with { Access = Made.Careful.Access with { RealRows = "Editors" } },
            Outcome.Partly, "Editors may see real rows"],
        ["second-factors", Made.Careful with
        {
            Access = Made.Careful.Access with
            {
                Members = [Made.Careful.Access.Members[0], Made.Careful.Access.Members[1] with { HasSecondFactor = false }],
            },
        }, Outcome.Partly, "1 member signs in by password without a second factor."],
        ["receivers", Made.Careful with { Receivers = [Made.Careful.Receivers[0] with { IsEncrypted = false }] },
            Outcome.Partly, "Not protected: ci.example.org."],
        ["receivers", Moved("None"), Outcome.Partly, "Not protected: db.example.org (without TLS)."],
        ["encryption-in-transit", Moved("Unverified"),
            Outcome.Partly, "Rows go over TLS with any certificate between here and db.example.org."],
    ];

    [TestMethod]
    [DynamicData(nameof(Faults))]
    public void What_is_wrong_is_told(string query, object facts, Outcome expected, string gap)
    {
        var answer = Ask((ProjectFacts)facts)[query];
        Assert.AreEqual(expected, answer.Outcome, answer.Gap);
        Assert.Contains(gap, answer.Gap);
    }

    private static ProjectFacts With(TestFacts test) => Made.Careful with { Evaluations = [Made.Evaluation(test)] };
}
