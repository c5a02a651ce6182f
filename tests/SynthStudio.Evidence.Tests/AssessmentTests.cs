using System.Text.RegularExpressions;
using SynthStudio.Evidence.Controls;
using SynthStudio.Evidence.Facts;
using SynthStudio.Evidence.Impact;
using SynthStudio.Evidence.Queries;

namespace SynthStudio.Evidence.Tests;

/// <summary>What facts say about controls: no more than they carry.</summary>
[TestClass]
public sealed partial class AssessmentTests
{
    private static readonly IReadOnlyList<Control> Controls = [.. Framework.All.SelectMany(f => f.Controls)];

    [TestMethod]
    public void Every_control_has_a_place_in_its_text_and_asks_the_facts_or_people()
    {
        Assert.IsGreaterThan(60, Controls.Count);
        Assert.AreEqual(Controls.Count, Controls.Select(c => c.Id).Distinct().Count());
        foreach (var framework in Framework.All)
        {
            foreach (var control in framework.Controls)
            {
                StringAssert.StartsWith(control.Id, framework.Id + "-");
                StringAssert.Matches(control.Reference, framework.Id switch
                {
                    "gdpr" => GdprPlace(), "hipaa" => HipaaPlace(), "ccpa" => CcpaPlace(), _ => SocPlace(),
                });
                Assert.IsGreaterThan(0, control.Queries.Count + control.Open.Count, control.Id);
                Assert.IsTrue(control.Open.All(q => q.Contains('?', StringComparison.Ordinal)), control.Id);
            }
        }
    }

    [TestMethod]
    public void One_id_is_one_query()
    {
        var queries = Controls.SelectMany(c => c.Queries).Distinct().ToList();
        Assert.AreEqual("", string.Join(", ", queries.GroupBy(q => q.Id).Where(g => g.Count() > 1).Select(g => g.Key)));
        Assert.IsGreaterThan(25, queries.Count);
    }

    [TestMethod]
    [DataRow(Standing.Supported, false, Outcome.Supports, Outcome.Supports)]
    [DataRow(Standing.Supported, false, Outcome.Supports, Outcome.NotApplicable)]
    [DataRow(Standing.Partly, true, Outcome.Supports, Outcome.Supports)]
    [DataRow(Standing.Partly, false, Outcome.Supports, Outcome.NotMeasured)]
    [DataRow(Standing.Partly, false, Outcome.Supports, Outcome.Gap)]
    [DataRow(Standing.Partly, false, Outcome.Partly, Outcome.Gap)]
    [DataRow(Standing.Gap, false, Outcome.Gap, Outcome.NotMeasured)]
    [DataRow(Standing.NotMeasured, false, Outcome.NotMeasured, Outcome.NotApplicable)]
    [DataRow(Standing.NotApplicable, true, Outcome.NotApplicable, Outcome.NotApplicable)]
    public void Several_answers_come_to_the_least_that_they_carry(Standing expected, bool isLeftToPeople, Outcome one, Outcome other) =>
        Assert.AreEqual(expected, FrameworkAssessment.Judge([one, other], isLeftToPeople));

    [TestMethod]
    public void A_control_that_asks_people_alone_is_not_measured() => Assert.AreEqual(Standing.NotMeasured, FrameworkAssessment.Judge([], isLeftToPeople: true));

    [TestMethod]
    public void What_there_is_supports_nothing_by_itself()
    {
        var gdpr = FrameworkAssessment.Of(Framework.Find("gdpr")!, Made.Careful).Controls.ToDictionary(c => c.Control.Id);
        foreach (var id in new[] { "gdpr-5-1-a", "gdpr-13", "gdpr-28", "gdpr-44" }) Assert.AreEqual(Standing.NotMeasured, gdpr[id].Standing, id);
        Assert.IsNotEmpty(gdpr["gdpr-28"].Findings[0].Answer.Facts, "It is told all the same.");
        Assert.AreEqual(Standing.Supported, gdpr["gdpr-5-1-f"].Standing);
        Assert.AreEqual(Standing.Partly, gdpr["gdpr-4-1"].Standing);
        var open = FrameworkAssessment.Of(Framework.Find("gdpr")!, Made.Careful with { Receivers = [Made.Careful.Receivers[0] with { IsEncrypted = false }] });
        Assert.AreEqual(Standing.Partly, open.Controls.Single(c => c.Control.Id == "gdpr-28").Standing, "What it finds missing counts.");
    }

    [TestMethod]
    public void Of_an_empty_project_nothing_about_data_is_supported()
    {
        var answers = Ask(Made.Empty);
        foreach (var id in new[] { "personal-data", "k-anonymity", "promise", "attacks", "copies", "accuracy", "provenance", "synthetic-instead", "budget" })
            Assert.AreEqual(Outcome.NotApplicable, answers[id].Outcome, id);
        foreach (var id in new[] { "second-factors", "deletions", "real-data-reads", "refusals", "backups", "encryption-in-transit" })
            Assert.AreEqual(Outcome.NotMeasured, answers[id].Outcome, id);
        foreach (var id in new[] { "encryption-at-rest", "retention", "limits" }) Assert.AreEqual(Outcome.Gap, answers[id].Outcome, id);
    }

    [TestMethod]
    public void Of_a_careful_project_only_what_is_not_stored_is_missing()
    {
        var missing = Ask(Made.Careful).Where(a => a.Value.Outcome is not Outcome.Supports).Select(a => $"{a.Key} {a.Value.Outcome}").Order(StringComparer.Ordinal);
        CollectionAssert.AreEqual(
            new[] { "backups NotMeasured", "contracts NotMeasured", "encryption-in-transit Partly", "incidents NotMeasured", "membership NotMeasured" }, missing.ToArray());
    }

    [TestMethod]
    public void What_answers_has_sources_and_what_does_not_says_why()
    {
        foreach (var facts in new[] { Made.Empty, Made.Careful })
        {
            foreach (var (id, answer) in Ask(facts))
            {
                Assert.AreEqual(answer.Outcome == Outcome.Supports, answer.Gap.Length == 0, id);
                if (answer.Outcome is Outcome.Supports or Outcome.Partly) Assert.IsNotEmpty(answer.Facts, id);
                Assert.IsTrue(answer.Facts.All(f => f.Source.Resource.Length > 0 && f.Statement.EndsWith('.')), $"{id}: {string.Join(" ", answer.Facts.Select(f => f.Statement))}");
            }
        }
    }

    private static ProjectFacts Imported => Made.Careful with
    {
        Generators = [Made.Careful.Generators[0] with { Promise = null, LearnedIdentifiers = null, Dataset = "", Origin = new OriginFacts("there", "projects/x/generators/y", "them", "key", .5) }],
    };

    private static ProjectFacts Moved(string tls) =>
        Made.Careful with { Connections = [new ConnectionFacts(new FactSource($"{Made.Project}/connections/db"), "db.example.org", tls, [Made.Dataset], [Made.Rows], [])] };

    public static IEnumerable<object[]> Faults =>
    [
        ["trail-sound", Made.Careful with { Trail = Made.Careful.Trail with { IsSound = false, Faults = ["Line 2 is missing."] } }, Outcome.Gap, "Line 2 is missing."],
        ["trail-sound", Made.Careful with { Trail = Made.Careful.Trail with { Restores = ["Lines 2 to 3, which were signed, are lost."] } }, Outcome.Partly, "Lines 2 to 3, which were signed, are lost."],
        ["singling-out", With(new TestFacts("singling_out (univariate)", 1e-6, true, "succeeds too often")), Outcome.Gap, "Alarm in evaluation e, singling out (univariate): succeeds too often."],
        ["attacks", With(new TestFacts("membership (nearest)", 1e-6, true, "tells members")), Outcome.Gap, "Alarm in evaluation e, membership (nearest): tells members."],
        ["promise", Made.Careful with { Generators = [Made.Careful.Generators[0] with { Promise = null }] }, Outcome.Gap, "trained without differential privacy"],
        ["promise", Made.Careful with { Generators = [Made.Careful.Generators[0] with { Promise = Made.Careful.Generators[0].Promise! with { Epsilon = 50 } }] }, Outcome.Partly, "an epsilon of 50 promises little"],
        ["unit-of-privacy", Made.Careful with { Generators = [Made.Careful.Generators[0] with { Promise = Made.Careful.Generators[0].Promise! with { Unit = "row" } }] }, Outcome.Partly, "the owner's statement"],
        ["learned-identifiers", Made.Careful with { Generators = [Made.Careful.Generators[0] with { LearnedIdentifiers = ["mail"] }] }, Outcome.Gap, "learns with their values: mail."],
        ["learned-identifiers", Made.Careful with { Generators = [Made.Careful.Generators[0] with { LearnedIdentifiers = null }] }, Outcome.NotMeasured, "its table is not stored here"],
        ["promise", Imported, Outcome.Gap, "its package claims an epsilon of 0.5, which is not accounted for"],
        ["provenance", Imported, Outcome.Partly, "was imported: of which rows it learned, nothing is stored here."],
        ["encryption-at-rest", Made.Careful with { Datasets = [Made.Careful.Datasets[0] with { IsEncrypted = false }] }, Outcome.Partly, "before encryption was on"],
        ["marks", Made.Careful with { Datasets = [Made.Careful.Datasets[0] with { Columns = [Made.Careful.Datasets[0].Columns[0] with { Mark = "Unspecified" }] }] }, Outcome.Gap, "mail (direct identifier)"],
        ["k-anonymity", Made.Careful with { Datasets = [Made.Careful.Datasets[0] with { Anonymity = [] }] }, Outcome.NotMeasured, "not measured"],
        ["releases", Made.Careful with { Datasets = [Made.Careful.Datasets[0] with { Budgets = [Made.Careful.Datasets[0].Budgets[0] with { NonPrivateReleases = 2 }] }] }, Outcome.Partly, "2 releases"],
        ["retention-kept", Made.Careful with { Retention = Made.Careful.Retention with { Overdue = [Made.Dataset] } }, Outcome.Partly, Made.Dataset],
        ["real-rows", Made.Careful with { Access = Made.Careful.Access with { RealRows = "Editors" } }, Outcome.Partly, "Editors may see real rows"],
        ["second-factors", Made.Careful with { Access = Made.Careful.Access with { Members = [Made.Careful.Access.Members[0], Made.Careful.Access.Members[1] with { HasSecondFactor = false }] } }, Outcome.Partly, "1 member signs in without"],
        ["receivers", Made.Careful with { Receivers = [Made.Careful.Receivers[0] with { IsEncrypted = false }] }, Outcome.Partly, "Not protected: ci.example.org."],
        ["receivers", Moved("None"), Outcome.Partly, "Not protected: db.example.org (without TLS)."],
        ["encryption-in-transit", Moved("Unverified"), Outcome.Partly, "Rows go over TLS with any certificate between here and db.example.org."],
    ];

    [TestMethod]
    [DynamicData(nameof(Faults))]
    public void What_is_wrong_is_told(string query, object facts, Outcome expected, string gap)
    {
        var answer = Ask((ProjectFacts)facts)[query];
        Assert.AreEqual(expected, answer.Outcome, answer.Gap);
        Assert.Contains(gap, answer.Gap);
    }

    [TestMethod]
    public void A_model_that_read_no_data_owes_nobody_a_promise()
    {
        var declared = Made.Careful.Generators[0] with { Method = "schema", Dataset = "", IsDeclared = true, Promise = null };

        var answers = Ask(Made.Careful with { Generators = [declared] });

        Assert.AreEqual(Outcome.Supports, answers["promise"].Outcome, answers["promise"].Gap);
        Assert.Contains("read no data", answers["promise"].Facts.Single().Statement);
        Assert.Contains("schema, made from what its configuration declares", answers["provenance"].Facts.Single().Statement);
    }

    [TestMethod]
    [DataRow("ProjectService/SetProjectMember")]
    [DataRow("InvitationService/AcceptInvitation")]
    [DataRow("AccountService/CompleteRegistration")]
    [DataRow("ServiceAccountService/CreateServiceAccount")]
    [DataRow("ServiceAccountService/DeleteServiceAccount")]
    public void Members_that_came_or_went_are_not_those_of_the_projects_creation(string method)
    {
        Assert.Contains("those of the project's creation", Ask(Made.Empty)["member-changes"].Facts.Single().Statement);
        Assert.AreEqual("2 changes of members in the trail.", Ask(Noted(method))["member-changes"].Facts.Single().Statement);
    }

    [TestMethod]
    public void What_was_purged_was_deleted() => Assert.Contains("2 deletions and removals", Ask(Noted("GeneratorService/PurgeGenerator"))["deletions"].Facts.Single().Statement);

    [TestMethod]
    public void Looks_of_the_assistant_are_no_changes_and_those_at_real_values_are_told()
    {
        var answers = Ask(Made.Empty with
        {
            Trail = Made.Empty.Trail with
            {
                Done = new Dictionary<string, long> { ["ProjectService/CreateProject"] = 1, ["AssistantTool/show_dataset"] = 4, ["AssistantTool/preview_rows"] = 2 },
                OfRealData = ["AssistantTool/preview_rows"],
            },
        });
        StringAssert.StartsWith(answers["changes"].Facts.Single().Statement, "1 change by 1 principal: CreateProject 1.");
        Assert.Contains("preview_rows 2", answers["real-data-reads"].Facts.Single().Statement);
    }

    [TestMethod]
    public void What_was_deleted_is_called_so()
    {
        var deleted = Made.Careful with { Datasets = [Made.Careful.Datasets[0] with { State = Labels.Deleted }], SyntheticDatasets = [Made.Careful.SyntheticDatasets[0] with { State = Labels.Deleted }] };
        var answers = Ask(deleted);
        Assert.Contains("Orders <b> (orders), deleted", answers["personal-data"].Facts.Single().Statement);
        Assert.Contains($"{Made.Dataset}, {Made.Rows}.", answers["deletions"].Facts[^1].Statement);
        Assert.AreEqual(Outcome.Gap, answers["synthetic-instead"].Outcome);
    }

    [TestMethod]
    public void An_impact_assessment_has_all_four_parts_and_leaves_the_judgement_to_people()
    {
        var parts = ImpactAssessment.Of(Made.Careful);
        CollectionAssert.IsSubsetOf(new[] { "GDPR Art. 35(7)(a)", "GDPR Art. 35(7)(b)", "GDPR Art. 35(7)(c)", "GDPR Art. 35(7)(d)" }, parts.Select(p => p.Reference).ToArray());
        Assert.IsTrue(parts.All(p => p.Open.Count > 0));
    }

    private static ProjectFacts Noted(string method) => Made.Empty with { Trail = Made.Empty.Trail with { Done = new Dictionary<string, long> { [method] = 2 } } };

    private static ProjectFacts With(TestFacts test) => Made.Careful with { Evaluations = [Made.Evaluation(test)] };

    private static Dictionary<string, Answer> Ask(ProjectFacts facts) => Controls.SelectMany(c => c.Queries).Distinct().ToDictionary(q => q.Id, q => q.Ask(facts));

    [GeneratedRegex(@"^GDPR Art\. \d+(\(\d\))?")]
    private static partial Regex GdprPlace();

    [GeneratedRegex(@"^45 CFR 164\.\d{3}\([a-z]\)|^45 CFR 164\.528$")]
    private static partial Regex HipaaPlace();

    [GeneratedRegex(@"^Cal\. Civ\. Code 1798\.\d+")]
    private static partial Regex CcpaPlace();

    [GeneratedRegex(@"^SOC 2 (CC\d\.\d|A1\.\d|C1\.\d|PI1\.\d|P\d\.\d)")]
    private static partial Regex SocPlace();
}
