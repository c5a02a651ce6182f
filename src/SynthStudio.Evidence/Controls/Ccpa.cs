using SynthStudio.Evidence.Queries;

namespace SynthStudio.Evidence.Controls;

/// <summary>California Consumer Privacy Act as amended by the California Privacy Rights Act.</summary>
internal static class Ccpa
{
    public static Framework Framework { get; } = new("ccpa", "CCPA/CPRA", "Cal. Civ. Code 1798.100 to 1798.199.100 (CCPA as amended by the CPRA)",
    [
        new("ccpa-140-m", "Whether the synthetic rows are deidentified", "Cal. Civ. Code 1798.140(m)",
            "Information is deidentified when it cannot reasonably be used to infer about, or be linked to, a consumer, and the business takes measures, commits publicly not to reidentify, and binds recipients by contract.",
            [
                PrivacyQueries.Promise, PrivacyQueries.Linkability, PrivacyQueries.Inference,
                PrivacyQueries.SinglingOut, PrivacyQueries.Copies, DataQueries.LearnedIdentifiers
            ],
            ["Where is the public commitment not to reidentify?", "Which contracts bind those who receive the synthetic rows to the same?"]),
        new("ccpa-140-b", "Aggregate information", "Cal. Civ. Code 1798.140(b)",
            "Figures about groups from which identities were removed are aggregate information.",
            [DataQueries.Anonymity],
            ["Are figures of reports given to others, and of how few people are they at least?"]),
        new("ccpa-148", "No reidentification of patient information", "Cal. Civ. Code 1798.148, 1798.130(a)(5)(D)",
            "Deidentified patient information is not reidentified, and the notice says by which HIPAA method it was deidentified.",
            [PrivacyQueries.Promise, PrivacyQueries.Attacks],
            ["Are the tables derived from patient information? Which method does the notice name?"]),
        new("ccpa-100-a", "Notice of categories, purposes and times", "Cal. Civ. Code 1798.100(a)",
            "At collection consumers learn which categories are collected, for what, and how long each is kept.",
            [DataQueries.PersonalData, LifecycleQueries.Retention],
            ["Does the notice name the categories that were found here, and these times?"]),
        new("ccpa-100-c", "Necessary and proportionate use", "Cal. Civ. Code 1798.100(c)",
            "Collection, use and retention are reasonably necessary and proportionate to the purpose.",
            [DataQueries.SyntheticInstead, DataQueries.Marks, AccessQueries.RealRows, LifecycleQueries.RetentionKept],
            ["Why is the use of these tables proportionate to the purpose that was disclosed?"]),
        new("ccpa-100-d", "Contracts with recipients", "Cal. Civ. Code 1798.100(d)",
            "Service providers, contractors and third parties are bound by contract.",
            [CommonQueries.Contracts, SecurityQueries.Receivers],
            ["Which contracts cover the operator, its machines and the receivers?"]),
        new("ccpa-100-e", "Reasonable security", "Cal. Civ. Code 1798.100(e), 1798.81.5, 1798.150",
            "Security procedures fit the nature of the information; unencrypted and unredacted information that is stolen exposes the business to claims.",
            [SecurityQueries.AtRest, SecurityQueries.InTransit, AccessQueries.SignIn, AccessQueries.SecondFactors, AccessQueries.Limits, TrailQueries.Sound],
            []),
        new("ccpa-105", "Deletion on request", "Cal. Civ. Code 1798.105",
            "A consumer's information is deleted on request, here and at those it was given to.",
            [LifecycleQueries.Deletions, LifecycleQueries.Removal],
            ["How does a request reach the tables, and what happens to models that learned them?"]),
        new("ccpa-106", "Correction on request", "Cal. Civ. Code 1798.106",
            "Inaccurate information is corrected on request.",
            [DataQueries.Provenance],
            ["How does a correction in the source come into a new version of the table here?"]),
        new("ccpa-110", "Telling what is collected", "Cal. Civ. Code 1798.110 and 1798.115",
            "Consumers learn which categories and pieces are kept, and to whom they are disclosed.",
            [DataQueries.PersonalData, SecurityQueries.Receivers, TrailQueries.RealDataReads],
            ["How is a consumer found in the real tables?"]),
        new("ccpa-121", "Sensitive personal information", "Cal. Civ. Code 1798.121, 1798.140(ae)",
            "Its use can be limited to what is needed.",
            [DataQueries.Marks, DataQueries.PersonalData],
            ["Which columns are sensitive personal information, and is their use beyond 1798.121(a)?"]),
        new("ccpa-185-a-14", "Risk assessments and audits", "Cal. Civ. Code 1798.185(a)(14) (before 2025: (a)(15))",
            "Processing of significant risk is assessed, and audited for security.",
            [DataQueries.Anonymity, PrivacyQueries.Attacks, PrivacyQueries.Releases, TrailQueries.Sound],
            ["Is this processing of significant risk under the regulations, and where is the assessment?"]),
    ]);
}
