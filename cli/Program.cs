// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Cli.CommandLine;
using Cli.Commands;

var root = new RootCommand("Train networks for fixed-point hardware, execute them bit- and cycle-exactly on a modelled systolic accelerator, and prove the RTL equal.")
{
    CommandRunner.Json,
    CommandRunner.LogFile,
    RunCommand.Create(),
    StageCommands.Train(),
    StageCommands.Lower(),
    NetworkCommand.Create(),
    SimulateCommand.Create(),
    ScheduleCommand.Create(),
    ExplainCommand.Create(),
    WidthsCommand.Create(),
    SensitivityCommand.Create(),
    SweepCommand.Create(),
    SelectCommand.Create(),
    CompareCommand.Create(),
    ResultsCommand.Create(),
    MethodsCommand.Create(),
    StageCommands.Export(),
    VerifyCommand.Create(),
    VerifyNetworksCommand.Create(),
    MutateRtlCommand.Create(),
    FuzzRtlCommand.Create(),
    FormalCommand.Create(),
    StageCommands.Report(),
    SynthCommand.Create(),
    CalibrateCommand.Create(),
    AreaCommand.Create(),
    DevicesCommand.Create(),
    DataCommand.Create(),
    DoctorCommand.Create(),
};
return CommandRunner.Run(root, args);
