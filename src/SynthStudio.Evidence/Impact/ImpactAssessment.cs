using SynthStudio.Evidence.Controls;
using SynthStudio.Evidence.Facts;
using SynthStudio.Evidence.Queries;

namespace SynthStudio.Evidence.Impact;

/// <summary>A part of what an impact assessment must contain, with what is stored and what is left to whoever is responsible.</summary>
/// <param name="Id">By which programs know it.</param>
/// <param name="Title">In our own words.</param>
/// <param name="Reference">The place in Art. 35(7).</param>
/// <param name="Findings">Answered from facts.</param>
/// <param name="Open">To be answered by people.</param>
public sealed record ImpactPart(string Id, string Title, string Reference, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Open);

/// <summary>Help with a data protection impact assessment: GDPR Art. 35(7), filled in from facts and from nothing else.</summary>
public static class ImpactAssessment
{
    private sealed record Question(string Id, string Title, string Reference, IReadOnlyList<FactQuery> Queries, IReadOnlyList<string> Open);

    private static readonly Question[] Questions =
    [
        new("dpia-a-description", "What is processed, how, and for what", "GDPR Art. 35(7)(a)",
            [DataQueries.PersonalData, DataQueries.Marks, DataQueries.Provenance, AccessQueries.Roles, LifecycleQueries.Retention, SecurityQueries.Receivers],
            [
                "Who is the controller, who are joint controllers and processors?", "For which purposes are the synthetic data made, and on which basis of Art. 6 and 9?",
                "Whose data are these (patients, customers, employees, children), of how many persons, and where do they come from?", "Who receives the synthetic rows, and what may they do with them?",
            ]),
        new("dpia-b-necessity", "Whether that is necessary and proportionate", "GDPR Art. 35(7)(b)",
            [DataQueries.SyntheticInstead, DataQueries.LearnedIdentifiers, DataQueries.Accuracy, AccessQueries.RealRows, LifecycleQueries.RetentionKept],
            [
                "Would fewer columns, fewer persons or aggregated figures serve the purpose?", "How are the people informed, and how do they exercise access, objection and erasure?",
                "Are the synthetic rows good enough for the purpose, for small groups, too?",
            ]),
        new("dpia-c-risks", "The risks to the people", "GDPR Art. 35(7)(c)",
            [
                DataQueries.Anonymity, PrivacyQueries.SinglingOut, PrivacyQueries.Linkability, PrivacyQueries.Inference,
                PrivacyQueries.Membership, PrivacyQueries.Copies, PrivacyQueries.Releases, PrivacyQueries.UnitOfPrivacy,
            ],
            [
                "What harm would come to a person who is singled out, or about whom something is inferred, and how likely is it?", "Which rows and groups are rare, and would suffer most?",
                "What do likely attackers know already, and what would they gain?", "What if a real table itself is seen by somebody who should not?",
            ]),
        new("dpia-d-measures", "The measures against them", "GDPR Art. 35(7)(d)",
            [
                PrivacyQueries.Promise, PrivacyQueries.Budget, SecurityQueries.AtRest, SecurityQueries.InTransit,
                AccessQueries.SignIn, AccessQueries.SecondFactors, TrailQueries.Sound, LifecycleQueries.Deletions,
            ],
            [
                "Which measures outside of this software (contracts, training, rooms, backups) lower the risks?", "Which risks remain, who accepts them, and is the authority to be consulted (Art. 36)?",
                "When is this assessed again?",
            ]),
        new("dpia-views", "Views that were sought", "GDPR Art. 35(2) and (9)",
            [],
            ["What did the data protection officer advise?", "Were the people or their representatives asked, and what did they say? If not, why not?"]),
    ];

    /// <summary>The parts, in the order of the text.</summary>
    public static IReadOnlyList<ImpactPart> Of(ProjectFacts facts) =>
        [.. Questions.Select(q => new ImpactPart(q.Id, q.Title, q.Reference, [.. q.Queries.Select(query => new Finding(query, query.Ask(facts)))], q.Open))];
}
