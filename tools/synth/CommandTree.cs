using System.CommandLine;
using SynthStudio.Cli.Commands;

namespace SynthStudio.Cli;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    public static RootCommand Create(TimeProvider time) => new("SynthStudio: private synthetic data from your tables.")
    {
        new RunCommand(time).Create(),
        new ProfileCommand(time).Create(),
        new EvaluateCommand(time).Create(),
        new CompareCommand(time).Create(),
        new GenerateCommand(time).Create(),
        new ImputeCommand(time).Create(),
        new ScoreCommand(time).Create(),
        new PredictCommand(time).Create(),
        new MockCommand(time).Create(),
        new ServeCommand().Create(),
        new MigrateCommand().Create(),
        new ProjectsCommand().Create(),
        new ConfigCommand().Create(),
        new DatasetsCommand(time).Create(),
        new UploadsCommand(time).Create(),
        new AnalysesCommand().Create(),
        new GeneratorsCommand(time).Create(),
        new SyntheticsCommand().Create(),
        new EvaluationsCommand().Create(),
        new PackageCommand().Create(),
        new LineageCommand().Create(),
        new JobsCommand(time).Create(),
        new ClusterCommand().Create(),
        new AuditCommand().Create(),
        new ConnectionsCommand().Create(),
        new TransfersCommand(time).Create(),
        new EvidenceCommand().Create(),
        new WebhooksCommand().Create(),
        new McpCommand().Create(),
        new AssistantCommand().Create(),
        new LoginCommands().CreateLogin(),
        new LoginCommands().CreateLogout(),
        new AccountCommand().Create(),
        new UsersCommand().Create(),
        new KeysCommand().Create(),
        new MembersCommand().Create(),
        new InvitationsCommand().Create(),
        new ServiceAccountsCommand().Create(),
        new MethodsCommand().Create(),
        new PrivacyCommand().Create(),
    };
}
