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
    public void A_control_that_asks_people_alone_is_not_measured() =>
        Assert.AreEqual(Standing.NotMeasured, FrameworkAssessment.Judge([], isLeftToPeople: true));

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

    [TestMethod]
    public void Of_several_models_each_that_nobody_attacked_is_missing()
    {
        var other = Made.Careful.Generators[0] with { Source = Made.Careful.Generators[0].Source with { Resource = $"{Made.Model}2" } };
        var drawn = Made.Careful.SyntheticDatasets[0] with { Source = new FactSource($"{Made.Rows}2", Made.Time), Generator = other.Name };
        var answers = Ask(Made.Careful with { Generators = [Made.Careful.Generators[0], other] });
        foreach (var query in new[] { "attacks", "singling-out", "copies" })
        {
            Assert.AreEqual(Outcome.Partly, answers[query].Outcome, query);
            Assert.AreEqual("No evaluation measured this of mst model g2.", answers[query].Gap, query);
        }

        Assert.AreEqual("No evaluation measured this of mst model g2, rows2.", Ask(Made.Careful with
        {
            Generators = [Made.Careful.Generators[0], other], SyntheticDatasets = [Made.Careful.SyntheticDatasets[0], drawn],
        })["attacks"].Gap);
        Assert.AreEqual(Outcome.Supports, Ask(Made.Careful with { Generators = [Made.Careful.Generators[0], other], Subject = Made.Rows })["attacks"].Outcome, "What the subject started from is there without its evaluations.");
        var report = Made.Evaluation() with { Source = new FactSource($"{other.Name}/report", Made.Time), Scored = other.Name, Generator = other.Name };
        Assert.AreEqual(Outcome.Supports, Ask(Made.Careful with
        {
            Generators = [Made.Careful.Generators[0], other], Evaluations = [Made.Evaluation(), report],
        })["attacks"].Outcome, "A training's own report counts.");
    }

    [TestMethod]
    public void Rows_that_nobody_attacked_are_missing_though_other_rows_of_the_model_were()
    {
        var more = Made.Careful.SyntheticDatasets[0] with { Source = new FactSource($"{Made.Rows}2", Made.Time) };
        var answer = Ask(Made.Careful with { SyntheticDatasets = [Made.Careful.SyntheticDatasets[0], more] })["linkability"];
        Assert.AreEqual((Outcome.Partly, "No evaluation measured this of rows2."), (answer.Outcome, answer.Gap));
        Assert.AreEqual(Outcome.Supports, Ask(Made.Careful with
        {
            SyntheticDatasets = [Made.Careful.SyntheticDatasets[0], more with { State = "Failed" }],
        })["linkability"].Outcome);
    }

    [TestMethod]
    [DataRow("singling-out", "singling_out (univariate)")]
    [DataRow("attacks", "singling_out (univariate)")]
    [DataRow("membership", "membership (shadow_models)")]
    public void A_newer_evaluation_that_looks_at_less_hides_no_alarm(string query, string measure)
    {
        var alarmed = Made.Evaluation(new TestFacts(measure, 1e-9, IsAlarm: true, "it tells"));
        var brief = Made.Evaluation() with { Source = new FactSource($"{Made.Project}/evaluations/brief", Made.Time.AddDays(1)), AttackMode = "None", Attacks = [] };
        var answer = Ask(Made.Careful with { Evaluations = [alarmed, brief] })[query];
        Assert.AreEqual(Outcome.Gap, answer.Outcome);
        StringAssert.StartsWith(answer.Gap, "Alarm in evaluation e,");

        var again = Made.Evaluation(new TestFacts(measure, .4, IsAlarm: false, "it tells nothing")) with { Source = new FactSource($"{Made.Project}/evaluations/again", Made.Time.AddDays(2)) };
        Assert.AreEqual(Outcome.Supports, Ask(Made.Careful with { Evaluations = [alarmed, brief, again] })[query].Outcome, "The newest that measured it decides.");
        var older = again with { Source = again.Source with { Time = Made.Time.AddDays(-1) } };
        Assert.AreEqual(Outcome.Gap, Ask(Made.Careful with { Evaluations = [older, alarmed] })[query].Outcome);
    }

    [TestMethod]
    public void A_newer_evaluation_beside_a_table_that_the_model_did_not_learn_hides_no_alarm_and_supports_nothing()
    {
        var alarmed = Made.Evaluation(new TestFacts("singling_out (univariate)", 1e-9, IsAlarm: true, "it tells"));
        var beside = Made.Evaluation(new TestFacts("singling_out (univariate)", .4, IsAlarm: false, "it tells nothing")) with
        {
            Source = new FactSource($"{Made.Project}/evaluations/beside", Made.Time.AddDays(1)), Dataset = $"{Made.Project}/datasets/others",
        };
        var answer = Ask(Made.Careful with { Evaluations = [alarmed, beside] })["singling-out"];
        Assert.AreEqual(Outcome.Gap, answer.Outcome);
        StringAssert.StartsWith(answer.Gap, "Alarm in evaluation e,");
        foreach (var query in new[] { "singling-out", "attacks", "copies" })
        {
            answer = Ask(Made.Careful with { Evaluations = [beside] })[query];
            Assert.AreEqual(Outcome.NotMeasured, answer.Outcome, query);
            Assert.AreEqual("evaluation beside is beside others, which the model is not known to have learned, and does not count.", answer.Facts.Single().Statement, query);
        }

        var declared = Made.Careful.Generators[0] with { IsDeclared = true, Dataset = "" };
        Assert.AreEqual(Outcome.Supports, Ask(Made.Careful with { Generators = [declared], Evaluations = [beside] })["copies"].Outcome, "It learned nobody's rows.");
    }

    [TestMethod]
    public void A_narrower_count_of_groups_hides_none_that_a_wider_one_found()
    {
        var table = Made.Careful.Datasets[0];
        var found = table.Anonymity[0] with { HasUniqueRows = true, HasSmallGroups = true };
        var narrow = new AnonymityFacts(new FactSource($"{Made.Dataset}/analyses/narrow", Made.Time.AddDays(1)), 1, 1, HasUniqueRows: false, HasSmallGroups: false);
        var answer = Ask(Made.Careful with { Datasets = [table with { Anonymity = [found, narrow] }] })["k-anonymity"];
        Assert.AreEqual((Outcome.Partly, found.Source), (answer.Outcome, answer.Facts.Single().Source));
        Assert.AreEqual(table.Anonymity[0].Source, Ask(Made.Careful with
        {
            Datasets = [table with { Anonymity = [narrow, table.Anonymity[0]] }],
        })["k-anonymity"].Facts.Single().Source, "The widest tells most.");
    }

    [TestMethod]
    public void An_attack_that_did_not_beat_guessing_was_tried_all_the_same()
    {
        var alarmed = Made.Evaluation(new TestFacts("singling_out (univariate)", 1e-9, IsAlarm: true, "it tells"));
        var later = Made.Evaluation() with { Source = new FactSource($"{Made.Project}/evaluations/later", Made.Time.AddDays(1)) };
        Assert.AreEqual(Outcome.Supports, Ask(Made.Careful with { Evaluations = [alarmed, later] })["singling-out"].Outcome);
    }

    [TestMethod]
    [DataRow("a")]
    [DataRow(null)]
    public void What_was_measured_of_an_earlier_or_unknown_model_is_listed_and_counts_for_nothing(string? model)
    {
        var report = Made.Evaluation(new TestFacts("singling_out (univariate)", 1e-9, IsAlarm: true, "it tells")) with { ModelSha256 = model };
        var answers = Ask(Made.Careful with { Evaluations = [report], SyntheticDatasets = [Made.Careful.SyntheticDatasets[0] with { ModelSha256 = model }] });
        foreach (var query in new[] { "singling-out", "attacks", "copies", "accuracy" })
        {
            Assert.AreEqual(Outcome.NotMeasured, answers[query].Outcome, query);
            StringAssert.StartsWith(answers[query].Facts.Single().Statement, "evaluation e is of rows of an earlier or unknown model and does not count.", query);
        }

        StringAssert.EndsWith(answers["attacks"].Facts.Single().Statement, "Alarm in evaluation e, singling out (univariate): it tells.");

        var again = Made.Evaluation() with { Source = new FactSource($"{Made.Project}/evaluations/again", Made.Time), Scored = $"{Made.Rows}2" };
        var drawn = Made.Careful.SyntheticDatasets[0] with { Source = new FactSource($"{Made.Rows}2", Made.Time) };
        answers = Ask(Made.Careful with
        {
            Evaluations = [report, again], SyntheticDatasets = [Made.Careful.SyntheticDatasets[0] with { ModelSha256 = model }, drawn],
        });
        Assert.AreEqual((Outcome.Partly, "There are rows of an earlier or unknown model, for which nothing counts that was measured: rows."), (answers["singling-out"].Outcome, answers["singling-out"].Gap));
        Assert.AreEqual((Outcome.Partly, "rows was drawn from an earlier or unknown model: nothing counts that was measured of it."), (answers["accuracy"].Outcome, answers["accuracy"].Gap));
    }

    [TestMethod]
    public void Counting_copies_is_no_attack()
    {
        var counted = Made.Evaluation() with { AttackMode = "None", Attacks = [] };
        var answers = Ask(Made.Careful with { Evaluations = [counted] });
        Assert.AreEqual((Outcome.NotMeasured, Outcome.Supports), (answers["attacks"].Outcome, answers["copies"].Outcome));
        var copied = counted with { Tests = [new TestFacts("exact_copies", 1e-9, IsAlarm: true, "40 rows stand in training")] };
        Assert.AreEqual(Outcome.Gap, Ask(Made.Careful with { Evaluations = [copied] })["attacks"].Outcome, "What it finds counts.");
    }

    [TestMethod]
    public void A_second_factor_is_one_of_sign_ins_by_password_and_nobody_is_left_out_silently()
    {
        MemberFacts ann = Made.Careful.Access.Members[0], byProvider = new("users/cy", "Viewer", false, false, false) { SignInProviders = ["corp"] };
        Assert.AreEqual("1 of 1 member with a password here is asked for a second factor when signing in by password.", Of(ann).Facts.Single().Statement);
        Assert.AreEqual(Outcome.Supports, Of(ann).Outcome);
        Assert.AreEqual((Outcome.Partly, "1 member may sign in by another provider, and no second factor is asked for here then; whether the provider asks for one is not stored."), Told(ann with { SignInProviders = ["corp"] }));
        Assert.AreEqual(Outcome.Partly, Of(ann, byProvider).Outcome);
        Assert.AreEqual(Outcome.NotMeasured, Of(byProvider).Outcome);
        Assert.Contains("1 member has neither a password here nor another provider", Of(ann, new MemberFacts("users/di", "Viewer", false, false, false)).Gap);
        Assert.AreEqual((Outcome.Gap, "1 member signs in by password without a second factor."), Told(ann with { HasSecondFactor = false }));
        Assert.AreEqual(Outcome.NotApplicable, Of(new MemberFacts("users/ci", "Editor", true, false, false)).Outcome);

        (Outcome, string) Told(MemberFacts member) => (Of(member).Outcome, Of(member).Gap);

        Answer Of(params MemberFacts[] members) => Ask(Made.Careful with { Access = Made.Careful.Access with { Members = members } })["second-factors"];
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
    [DataRow("AccountService/EraseAccount")]
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
        var deleted = Made.Careful with
        {
            Datasets = [Made.Careful.Datasets[0] with { State = Labels.Deleted }],
            SyntheticDatasets = [Made.Careful.SyntheticDatasets[0] with { State = Labels.Deleted }],
        };
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

    private static ProjectFacts Noted(string method) =>
        Made.Empty with { Trail = Made.Empty.Trail with { Done = new Dictionary<string, long> { [method] = 2 } } };

    private static Dictionary<string, Answer> Ask(ProjectFacts facts) =>
        Controls.SelectMany(c => c.Queries).Distinct().ToDictionary(q => q.Id, q => q.Ask(facts));

    [GeneratedRegex(@"^GDPR Art\. \d+(\(\d\))?")]
    private static partial Regex GdprPlace();

    [GeneratedRegex(@"^45 CFR 164\.\d{3}\([a-z]\)|^45 CFR 164\.528$")]
    private static partial Regex HipaaPlace();

    [GeneratedRegex(@"^Cal\. Civ\. Code 1798\.\d+")]
    private static partial Regex CcpaPlace();

    [GeneratedRegex(@"^SOC 2 (CC\d\.\d|A1\.\d|C1\.\d|PI1\.\d|P\d\.\d)")]
    private static partial Regex SocPlace();
}
