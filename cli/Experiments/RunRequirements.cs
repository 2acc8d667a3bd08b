// SPDX-License-Identifier: Apache-2.0
using Reports.Figures;
using RtlExport.Tools;

namespace Cli.Experiments;

/// <summary>Programs without which a run would end after its longest stages; they are asked for before the first.</summary>
public static class RunRequirements
{
    /// <summary>Looks for what <paramref name="experiment"/> names.</summary>
    /// <exception cref="ToolMissingException">An RTL simulator that it asks for by name is not installed.</exception>
    /// <exception cref="Reports.MissingToolException">A program that draws figures is not installed.</exception>
    public static void Check(ExperimentSpec experiment)
    {
        if (experiment.Verification.Simulator == VerificationSimulator.Verilator)
        {
            ExternalTool.Require(SimulatorKind.Verilator);
        }
        else if (experiment.Verification.Simulator == VerificationSimulator.Icarus)
        {
            ExternalTool.Require(SimulatorKind.Icarus);
        }

        FigureRenderers.Default.RequireTools();
    }
}
