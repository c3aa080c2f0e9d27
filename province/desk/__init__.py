"""The provincial desk (省级工作台): the pages on which institutions' people keep stock, draws, losses and visits."""
