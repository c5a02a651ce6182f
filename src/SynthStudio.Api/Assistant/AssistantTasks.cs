using SynthStudio.Assistant.Tasks;

namespace SynthStudio.Api.Assistant;

/// <summary>What language models are asked for, together.</summary>
internal sealed record AssistantTasks(
    ProjectChat Chat, ReportExplainer Explainer, OptionAdvisor Advisor, DocumentDrafter Drafter, TableProposer Proposer, ColumnClassifier Classifier);
