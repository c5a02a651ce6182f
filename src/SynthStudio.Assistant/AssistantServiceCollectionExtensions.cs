using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Assistant.Conversations;
using SynthStudio.Assistant.Tasks;

namespace SynthStudio.Assistant;

public static class AssistantServiceCollectionExtensions
{
    /// <summary>Adds what asks language models. Asks for <see cref="TimeProvider"/>, logging and an <see cref="Budgets.ITokenMeter"/>.</summary>
    public static IServiceCollection AddAssistant(this IServiceCollection services, AssistantOptions options) => services
        .AddSingleton(options).AddSingleton<ModelRouter>().AddSingleton<Conversation>().AddSingleton<JsonQuestion>()
        .AddSingleton<ProjectChat>().AddSingleton<ReportExplainer>().AddSingleton<OptionAdvisor>().AddSingleton<DocumentDrafter>()
        .AddSingleton<TableProposer>().AddSingleton<ColumnClassifier>();
}
